#include "client/prompt/completion.h"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace md2;

namespace {

using Words = std::vector<std::string>;

Words complete(std::string_view before, std::string_view word, bool ignore_case = false) {
  Tags tags;
  tags.see("#Straße #café #工资 #工作 #tomorrow #today");
  Days days;
  for (const char* header : {"[2015-10-28 ", "[2015-11-02 ", "[2026-01-01 "}) days.see(header, true);
  return completions(before, word, tags, days, ignore_case);
}

}  // namespace

TEST_CASE("commands are completed where a line begins, and only there") {
  CHECK(complete("", "q") == Words{"quit"});
  CHECK(complete("", "") == Words{"hi", "r", "?", "quit"});
  CHECK(complete("say ", "q") == Words{});
  CHECK(complete(" ", "q") == Words{});
  CHECK(complete("", "quite") == Words{});
}

TEST_CASE("the names of days are completed in a question, however it begins") {
  CHECK(complete("", "/to") == Words{"/today"});
  CHECK(complete("", "/last-") == Words{"/last-week", "/last-month", "/last-year"});
  CHECK(complete("", "/上") == Words{"/上周", "/上月", "/上星期", "/上个星期", "/上礼拜", "/上个月"});
  CHECK(complete("", "/周") == Words{"/周一", "/周二", "/周三", "/周四", "/周五", "/周六", "/周日", "/周天"});
  CHECK(complete("", "/wed") == Words{"/wednesday"});
  CHECK(complete("", "/那") == Words{"/那年今日"});
  CHECK(complete("", "/-last-w") == Words{"/-last-week"});
  CHECK(complete("", "/－Work｜yes") == Words{"/－Work｜yesterday"});
  CHECK(complete("", "/２０１５．．去") == Words{"/２０１５．．去年"});
  CHECK(complete("", "/today|yes") == Words{"/today|yesterday"});
  CHECK(complete("", "/去年..on") == Words{});
  CHECK(complete("", "／to") == Words{"／today"});
  CHECK(complete("", "、昨") == Words{"、昨天"});
  CHECK(complete("", "/昨") == Words{"/昨天"});
  CHECK(complete("/-3 ", "ye") == Words{"yesterday"});
  CHECK(complete("／-3 ", "ye") == Words{"yesterday"});
  CHECK(complete("on ", "to") == Words{});
  CHECK(complete("/usr\n", "to") == Words{});
}

TEST_CASE("Tab behind the sign of a question shows what can follow") {
  const Words names{"today",     "yesterday",   "this-week", "last-week", "this-month", "last-month", "this-year",
                    "last-year", "on-this-day", "今天",      "昨天",      "前天",       "大前天",     "本周",
                    "上周",      "本月",        "上月",      "今年",      "去年",       "那年今日",   "这周",
                    "上星期",    "上个星期",    "上礼拜",    "这个月",    "上个月",     "2015",       "2026",
                    "-10",       "-7d",         "#"};
  CHECK(complete("/会议 ", "") == names);
  Words at_once;
  for (const std::string& name : names) at_once.push_back("/" + name);
  at_once.insert(at_once.end(), {"/at", "/补", "/tags", "/标签", "/cal", "/日历", "/stats", "/统计", "/status", "/状态",
                                 "/edit", "/改", "/delete", "/删", "/help", "/帮助"});
  CHECK(complete("", "/") == at_once);
}

TEST_CASE("behind /at a day is completed, and nothing of the text") {
  CHECK(complete("/at ", "") == Words{"today", "yesterday", "今天", "昨天", "前天", "大前天", "2015", "2026"});
  CHECK(complete("/补 ", "2015-1") == Words{"2015-10", "2015-11"});
  CHECK(complete("／补 ", "周三") == Words{"周三"});
  CHECK(complete("/at yesterday ", "to") == Words{});
  CHECK(complete("/at yesterday ", "#to") == Words{"#today", "#tomorrow"});
  CHECK(complete("", "/a") == Words{"/at"});
  CHECK(complete("", "/st") == Words{"/stats", "/status"});
  CHECK(complete("", "/标") == Words{"/标签"});
  CHECK(complete("/x ", "a") == Words{});
}

TEST_CASE("the days of the diary are completed step by step, also behind the dots of a range") {
  CHECK(complete("", "/20") == Words{"/2015", "/2026"});
  CHECK(complete("", "/2015") == Words{"/2015-10", "/2015-11"});
  CHECK(complete("", "/2015-10") == Words{"/2015-10-28"});
  CHECK(complete("", "/2015..202") == Words{"/2015..2026"});
  CHECK(complete("", "/..to") == Words{"/..today"});
  CHECK(complete("", "/２０") == Words{"/2015", "/2026"});
  CHECK(complete("", "20") == Words{});
}

TEST_CASE("tags are completed anywhere") {
  CHECK(complete("写", "#to") == Words{"#today", "#tomorrow"});
  CHECK(complete("/", "#工") == Words{"#工作", "#工资"});
  CHECK(complete("", "#") == Words{"#today", "#tomorrow", "#工作", "#工资", "#café", "#Straße"});
  CHECK(complete("", "#zzz") == Words{});
}

TEST_CASE("a tag with a full-width hash is completed with it") {
  CHECK(complete("今天", "写＃工") == Words{"写＃工作", "写＃工资"});
  CHECK(complete("", "＃today") == Words{"＃today"});
}

TEST_CASE("what is typed in another case, composition or width is completed as well") {
  CHECK(complete("", "#straS") == Words{});
  CHECK(complete("", "#straS", true) == Words{"#Straße"});
  CHECK(complete("", "#stras") == Words{"#Straße"});
  CHECK(complete("", "#TO") == Words{});
  CHECK(complete("", "#TO", true) == Words{"#today", "#tomorrow"});
  CHECK(complete("", "#ｔｏ") == Words{"#today", "#tomorrow"});
  CHECK(complete("", "#cafe\u0301") == Words{"#café"});
  CHECK(complete("", "#cafe") == Words{});
  CHECK(complete("", "/ＴＯ") == Words{"/today"});
  CHECK(complete("", "Q") == Words{});
  CHECK(complete("", "Q", true) == Words{"quit"});
}

TEST_CASE("what a terminal would obey is in no tag that is offered") {
  Tags tags;
  tags.see("#t\x1b[2J #to\u202ex #tom\u009b1m");
  CHECK(completions("", "#t", tags, {}, false) == Words{"#tom", "#to", "#t"});
}

TEST_CASE("without tags a hash completes to nothing") {
  CHECK(completions("", "#t", {}, {}, false) == Words{});
}

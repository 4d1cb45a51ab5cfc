// Questions that no good client would ask, and diaries that no good writer would keep: with real programs.
#include <doctest/doctest.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/deadline.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

struct Bad {
  std::string query;
  std::string reason;  ///< what the answer must say
};

/// Those that can be typed into a line.
std::vector<Bad> bad_queries() {
  return {{std::string(5000, 'a'), "the query has 5000 bytes, more than the 4096 that one may have"},
          {repeated("会", 1366), "the query has 4098 bytes"},
          {repeated("a ", 33), "the query has 33 parts, more than the 32"},
          {"从前 \"unclosed", "cannot understand '\"unclosed' in the query: the quote is not closed"},
          {"2015-13", "cannot understand '2015-13' in the query: there is no month 13"},
          {"2015-02-29", "cannot understand '2015-02-29' in the query: the calendar has no such day"},
          {"5..", "cannot understand '5..' in the query: a date is 2015, 2015-10 or 2015-10-28"},
          {"..", "cannot understand '..' in the query: a range needs a date on one side"},
          {"-0", "cannot understand '-0' in the query: the least is -1"},
          {"-", "cannot understand '-' in the query: after - comes a number"},
          {"#", "cannot understand '#' in the query: a tag needs a name; the sign itself needs quotes"},
          {"\"\"", "cannot understand '\"\"' in the query: there is nothing between the quotes"}};
}

const std::string broken = "从\xff";

/// Found, and nothing else is said. Answers of megabytes are compared, not shown.
void check_answer(const ServedDiary& served, const Command& query, const std::string& answer) {
  CAPTURE(query.empty() ? "" : query.back());
  const Result result = served.read(query);
  CHECK(result.status == 0);
  CHECK(result.error == (answer.empty() ? "md2client: nothing found\n" : ""));
  CHECK(result.output.size() == answer.size());
  CHECK((result.output == answer));
}

}  // namespace

TEST_CASE("read: a query that can't be understood is refused with the part and the reason, and status 1") {
  ServedDiary served;
  std::vector<Bad> queries = bad_queries();
  queries.push_back({broken, "cannot read the query: line 1 is not valid UTF-8; it must be text in UTF-8"});
  queries.push_back({"a\x1b[2J", "cannot read the query: line 1 holds the control character U+001B"});
  for (const Bad& bad : queries) {
    for (const Command& form : {Command{"read", "--"}, Command{"read", "--json", "--"}}) {
      CAPTURE(bad.query.substr(0, 60));
      Command command = served.client(form);
      command.push_back(bad.query);
      const Result result = run(served.sandbox, command);
      CHECK(result.status == 1);
      CHECK(result.output == "");
      CHECK(result.error.starts_with("md2client: " + bad.reason));
      CHECK(count_lines(result.error) == 1);
      CHECK(result.error.find('\x1b') == std::string::npos);
    }
  }
}

TEST_CASE("the prompt: a query that can't be understood is refused above it, and the next one is answered") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client(), 60, 120);
  wait_for_prompt(screen);
  for (const Bad& bad : bad_queries()) {
    CAPTURE(bad.query.substr(0, 60));
    screen.enter("/" + bad.query);
    screen.wait_for(bad.reason);
    screen.wait_for_end({"当下>>>"}, prompt_width);
  }
  served.write("后来");
  screen.wait_for("后来\n");
  screen.enter("/后来");
  screen.wait_for([&] { return screen.text().rfind("后来\n") > screen.text().rfind("/后来"); }, "the answer");
  CHECK(wait_for_entries(served.sandbox, 1) == std::vector<std::string>{"后来"});
}

TEST_CASE("piped questions: what can't be understood is told, the others are answered, and the status is 1") {
  ServedDiary served;
  const std::string kept = served.write("后来");
  const Result result = run(served.sandbox, served.client(), "/2015-13\n/后来\n/" + broken + "\n/\"\n");
  CHECK(result.status == 1);
  CHECK(result.output == kept);
  CHECK(result.error.find("'2015-13'") != std::string::npos);
  CHECK(result.error.find("not valid UTF-8") != std::string::npos);
  CHECK(count_lines(result.error) == 3);
}

TEST_CASE("the wire: a query that can't be understood is an error with the reason, and only that connection ends") {
  ServedDiary served;
  WireClient other(served.server);
  std::vector<Bad> queries = bad_queries();
  std::erase_if(queries, [](const Bad& bad) { return bad.query.size() > max_query; });
  queries.push_back({broken, "cannot read the query: line 1 is not valid UTF-8"});
  queries.push_back({std::string("a\0b", 3), "cannot read the query: line 1 holds the control character U+0000"});
  for (const Bad& bad : queries) {
    CAPTURE(bad.query);
    WireClient wire(served.server);
    wire.send(Verb::r, 0, bad.query);
    CHECK(wire.expect(Verb::error).text.starts_with(bad.reason));
    wire.expect_end();
    CHECK_FALSE(wire.take());
  }
  other.send(Verb::r, 0, "从前");
  CHECK(other.expect(Verb::found).text == "从前\n");
  CHECK(other.expect(Verb::end).number == 1);
}

TEST_CASE("a query of only spaces asks for the whole diary, wherever it is asked") {
  ServedDiary served;
  const std::string diary = first_line + served.write("后来");
  for (const std::string spaces : {"", " ", "   ", "\t", " 　"}) {
    CAPTURE(spaces);
    CHECK(run(served.sandbox, served.client({"read", spaces})).output == diary);
    CHECK(run(served.sandbox, served.client(), "/" + spaces + "\n").output == diary);
    WireClient wire(served.server);
    wire.send(Verb::r, 0, spaces);
    CHECK(wire.expect(Verb::found).text == diary);
    CHECK(wire.expect(Verb::end).number == 2);
  }
  Screen screen(served.sandbox, served.client());
  screen.wait_for("后来\n");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("/  ");
  screen.wait_for_end({"当下>>> /", "从前", "", "2015-10-28 Wed", "21:26  后来", "当下>>>"}, prompt_width);
}

TEST_CASE("a diary of millions of empty lines is read whole, from its end, and searched") {
  const std::string first = entry(1, "会议 first"), last = entry(2, "会议 last");
  std::string diary = first;
  diary.append(sanitized() ? 1'000'000 : 10'000'000, '\n');
  diary += last;
  const ServedDiary served(diary);
  check_answer(served, {}, diary);
  check_answer(served, {"-10"}, first + last);
  check_answer(served, {"-1"}, last);
  check_answer(served, {"会议"}, first + last);
  check_answer(served, {"-1", "first"}, first);
  check_answer(served, {"absent"}, "");
  check_answer(served, {"-3", "absent"}, "");
  check_answer(served, {"2015-10-28"}, first + last);
  CHECK(count_lines(served.read({"--json"}).output) == 2);
}

TEST_CASE("a diary with NULs and broken UTF-8 is read as it is, searched around them, and shown without harm") {
  const std::string nuls(1'000'000, '\0');
  const std::string first = entry(1, "会议 first"), last = entry(3, "会议 last");
  const std::string torn = entry(2, "在 会议").replace(header_length, 3, std::string("\0\xff\x1b", 3));
  const std::string diary = first + nuls + "会议 loose\n" + torn + last;
  const ServedDiary served(diary);
  check_answer(served, {}, diary);
  check_answer(served, {"-1"}, last);
  check_answer(served, {"2015"}, first + torn + last);
  check_answer(served, {"会议"}, diary);
  check_answer(served, {"-2", "会议"}, torn + last);
  const std::string json = served.read({"--json", "-2"}).output;
  CHECK(json.find(R"("text":"\u0000)"
                  "\uFFFD"
                  R"(\u001b 会议")") != std::string::npos);
  Command read = served.client({"read"});
  read.push_back("-2");
  Screen screen(served.sandbox, read);
  screen.wait_for("21:26  ^@\uFFFD^[ 会议\n21:26  会议 last\n");
  CHECK(screen.wait() == 0);
}

TEST_CASE("a line of 1 MiB is a page of whole rows, a line of JSON, and highlighted where it matches") {
  constexpr int count = static_cast<int>(max_text / 13) - 1;
  const std::string words = repeated("会议很长 ", count) + "尾巴";
  const std::string one = entry(1, words), next = entry(2, "short");
  ServedDiary served(one + next);
  check_answer(served, {"尾巴"}, one);
  const std::string json = served.read({"--json", "尾巴"}).output;
  CHECK((nlohmann::json::parse(json).at("text") == words));

  // Behind the hour 73 columns are left: eight of the words, without the space at the end.
  const std::string row = repeated("会议很长 ", 7) + "会议很长\n", indent(7, ' ');
  std::string page = "\033[1m2015-10-28 Wed\033[22m\n21:26  " + row;
  for (int i = 1; i < count / 8; ++i) page += indent + row;
  page += indent + repeated("会议很长 ", count % 8) + "\033[7m尾巴\033[27m\n";
  served.sandbox.set("PAGER", "cat > paged; echo left");
  Command read = served.client({"read"});
  read.push_back("尾巴");
  Screen screen(served.sandbox, read);
  screen.wait_for("left");
  CHECK(screen.wait() == 0);
  CHECK((read_file(served.sandbox.path("paged")) == page));
}

TEST_CASE("read: what begins with a hyphen is what must not be there, without quoting") {
  const std::string work = entry(1, "会议 work #工作"), home = entry(2, "散步 #家"), plain = entry(3, "-s 读书");
  const ServedDiary served(work + home + plain);
  CHECK(served.read({"-work"}).output == home + plain);
  CHECK(served.read({"-#工作"}).output == home + plain);
  CHECK(served.read({"-work", "-家", "2015"}).output == plain);
  CHECK(served.read({"散步|读书", "-2"}).output == home + plain);
  CHECK(served.read({"-散步|读书"}).output == work);
  CHECK(served.read({"-\"读书\""}).output == work + home);
  CHECK(served.read({"-s", "-k"}).output == home);  // no option of a letter behind the command
  CHECK(served.read({"--json", "-work", "-1"}).output.find("读书") != std::string::npos);
  const Result wrong = served.read({"-work", "--jsn"});
  CHECK(wrong.status == 2);
  CHECK(wrong.error.starts_with("md2client: there is no option '--jsn'"));
}

TEST_CASE("an answer of nothing says at a terminal how a word was taken, and to a pipe only that it is none") {
  ServedDiary served;
  const std::string said = "nothing found; 上周 means a week here; \"上周\" looks for the word";
  CHECK(served.read({"上周"}).error == "md2client: nothing found\n");
  Screen page(served.sandbox, served.client({"read", "上周"}), 24, 100);
  page.wait_for(said + "\n");
  CHECK(page.wait() == 0);
  Screen screen(served.sandbox, served.client(), 24, 100);
  wait_for_prompt(screen);
  screen.enter("/上周");
  screen.wait_for_end({"当下>>> /上周", said, "当下>>>"}, prompt_width);
  screen.enter("/没有");
  screen.wait_for_end({"当下>>> /没有", "nothing found", "当下>>>"}, prompt_width);
}

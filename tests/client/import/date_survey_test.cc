#include "client/import/date_survey.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/client/import/pieces.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

/// `read` where the reader finds a date, then the lines that look like one and are none to it.
std::string surveyed(Format format, const std::string& text) {
  Pieces pieces(text, 7);
  const DateSurvey found = survey_dates(format, pieces);
  std::string told = found.any_read ? "read" : "";
  for (const DateSurvey::Unread& one : found.unread) told += " " + std::to_string(one.line) + ":" + one.beginning;
  return told;
}

}  // namespace

TEST_CASE("text whose dates can't be read is told from text with a date here and there") {
  CHECK(surveyed(Format::diary, "05/03/2019\nx\n") == " 1:05/03/2019");
  CHECK(surveyed(Format::diary, "\n\n三月五日 晴\nx\n") == " 3:三月五日 晴");
  CHECK(surveyed(Format::diary, "我的日记\n\n05/03/2019\nx\n") == " 3:05/03/2019");
  CHECK(surveyed(Format::diary, "x\n\n3/5 晴\nx\n\n3/6 雨\n") == " 3:3/5 晴 6:3/6 雨");
  CHECK(surveyed(Format::diary, "* 2019-02-30\n** x\n") == " 1:* 2019-02-30");
  CHECK(surveyed(Format::diary, "日期：2019年3月5日\n天气：晴\n") == " 1:日期：2019年3月5日");
  CHECK(surveyed(Format::diary, "我的日记\n05/03/2019 was fine\n").empty());
  CHECK(surveyed(Format::diary, "24/7\n").empty());
  CHECK(surveyed(Format::diary, "3月5日那天，我去了北京。\n").empty());
  CHECK(surveyed(Format::diary, "").empty());
  CHECK(surveyed(Format::diary, "05/03/2019\n" + entry(1)) == "read");
  CHECK(surveyed(Format::diary, entry(1) + "05/03/2019\nx\n\n06/03/2019\n") == "read");
}

TEST_CASE("under dates that are read, one that can't be is told, and what only begins like one is not") {
  const std::string day = "2019年3月4日 晴\nx\n";
  CHECK(surveyed(Format::dated, day + "2019年2月30日 雨\ny\n") == "read 3:2019年2月30日 雨");
  CHECK(surveyed(Format::dated, "2019-02-30\ny\n" + day) == "read 1:2019-02-30");
  CHECK(surveyed(Format::dated, day + "3月5日 雨\ny\n3月6日\n") == "read 3:3月5日 雨 5:3月6日");
  CHECK(surveyed(Format::dated, day + "3月8日是妇女节\n15日，我们\n1/2 cup\n") == "read");
  CHECK(surveyed(Format::dated, "x\n").empty());
}

TEST_CASE("a date in another form than the first is told when it is all of its line") {
  const std::string day = "2019年3月4日 晴\nx\n";
  CHECK(surveyed(Format::dated, day + "2019-3-5 多云\ny\n") == "read 3:2019-3-5 多云");
  CHECK(surveyed(Format::dated, day + "5 March 2019\ny\n") == "read 3:5 March 2019");
  CHECK(surveyed(Format::dated, day + "2019-3-5 was when we first met\n") == "read");
}

TEST_CASE("where a program writes the dates, only what stands in their place can be one") {
  const std::string jrnl = "[2019-03-05 09:00] x\n";
  CHECK(surveyed(Format::jrnl, jrnl + "2019-02-30\n[ ] buy\n[1] see\n") == "read");
  CHECK(surveyed(Format::jrnl, jrnl + "[2019-02-30 09:00] y\n") == "read 2:[2019-02-30 09:00] y");
  const std::string org = "* 2019-03-05\n** 10:00 x\n";
  CHECK(surveyed(Format::org, org + "2019-02-30\n*** 3/5 of it\n") == "read");
  CHECK(surveyed(Format::org, org + "* 2019-02-30 Sat\n** y\n") == "read 3:* 2019-02-30 Sat");
  CHECK(surveyed(Format::org, "* notes\n").empty());
}

TEST_CASE("a day of an org journal that can be read in two ways is told, unless its properties say which it is") {
  CHECK(surveyed(Format::org, "* 03/05/2019\n** x\n") == "read 1:* 03/05/2019");
  CHECK(surveyed(Format::org, "* 03/05/2019\n:PROPERTIES:\n:CREATED: 20190503\n:END:\n") == "read");
  CHECK(surveyed(Format::org, "* Tuesday, 03/05/19\n* 13/05/2019\n* 5.3.2019\n") == "read");
}

TEST_CASE("of a line as much is shown as a sentence can hold, in whole characters") {
  CHECK(surveyed(Format::diary, "05/03/2019 一二三四五六七八九十十一") == " 1:05/03/2019 一二三四五六七八九…");
}

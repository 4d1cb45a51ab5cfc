#include "client/import/date_survey.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/client/import/pieces.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

/// `read` where the reader finds a date, then the first that it does not.
std::string surveyed(Format format, const std::string& text) {
  Pieces pieces(text, 7);
  const DateSurvey found = survey_dates(format, pieces);
  std::string told = found.any_read ? "read" : "";
  if (found.unread_at != 0) told += " " + std::to_string(found.unread_at) + ":" + found.unread;
  return told;
}

}  // namespace

TEST_CASE("text whose dates can't be read is told from text with a date here and there") {
  CHECK(surveyed(Format::diary, "05/03/2019\nx\n") == " 1:05/03/2019");
  CHECK(surveyed(Format::diary, "\n\n三月五日 晴\nx\n") == " 3:三月五日 晴");
  CHECK(surveyed(Format::diary, "3/5 晴\nx\n") == " 1:3/5 晴");
  CHECK(surveyed(Format::diary, "我的日记\n\n05/03/2019\nx\n\n06/03/2019\ny\n") == " 3:05/03/2019");
  CHECK(surveyed(Format::diary, "我的日记\n\n05/03/2019\nx\n").empty());
  CHECK(surveyed(Format::diary, "").empty());
  CHECK(surveyed(Format::diary, "05/03/2019\n" + entry(1)) == "read 1:05/03/2019");
  CHECK(surveyed(Format::diary, entry(1) + "05/03/2019\nx\n\n06/03/2019\n") == "read");
}

TEST_CASE("under dates that are read, one that can't be is told, and what only begins like one is not") {
  const std::string day = "2019年3月4日 晴\nx\n";
  CHECK(surveyed(Format::dated, day + "2019年2月30日 雨\ny\n") == "read 3:2019年2月30日 雨");
  CHECK(surveyed(Format::dated, "2019-02-30\ny\n" + day) == "read 1:2019-02-30");
  CHECK(surveyed(Format::dated, day + "3月5日 雨\ny\n") == "read 3:3月5日 雨");
  CHECK(surveyed(Format::dated, day + "3月8日是妇女节\n15日，我们\n1/2 cup\n") == "read");
  CHECK(surveyed(Format::dated, "x\n").empty());
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

#include "client/import/written_date.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/client/import/pieces.h"

using namespace md2;
using namespace md2::test;

namespace {

/// `2019-03-05 21:26:00+01:00|rest`; the zone is that of the clock.
std::string read(const std::string& line) {
  BerlinOf2019 clock;
  const auto written = read_written_date(line);
  if (!written) return "none";
  const std::string time = to_string(moment_of(*written, clock));
  return time.substr(0, 19) + time.substr(26) + "|" + std::string(written->rest);
}

}  // namespace

TEST_CASE("a day is understood as Chinese diaries write it") {
  for (const char* const day :
       {"2019年3月5日", "2019年03月05日", "2019 年 3 月 5 日", "2019年3月5号", "二〇一九年三月五日",
        "二零一九年三月五日", "2019/3/5", "2019.3.5", "2019-3-5", "2019-03-05"}) {
    CAPTURE(day);
    const std::string written = day;
    CHECK(read(written) == "2019-03-05 00:00:00+01:00|");
    CHECK(read(written + " 星期二 晴") == "2019-03-05 00:00:00+01:00|晴");
    CHECK(read(written + "（周二） 晴") == "2019-03-05 00:00:00+01:00|晴");
    CHECK(read(written + "　21:26　今天") == "2019-03-05 21:26:00+01:00|今天");
    CHECK(read(written + "，今天") == "2019-03-05 00:00:00+01:00|今天");
    CHECK(read(written + " 下午9:26") == "2019-03-05 21:26:00+01:00|");
    CHECK(read(written + " 周二 21时26分") == "2019-03-05 21:26:00+01:00|");
  }
  CHECK(read("2019年3月5日星期二") == "2019-03-05 00:00:00+01:00|");
  CHECK(read("二〇二〇年十二月三十一日 晴") == "2020-12-31 00:00:00+01:00|晴");
  CHECK(read("二〇二〇年十月二十日") == "2020-10-20 00:00:00+01:00|");
}

TEST_CASE("a day is understood as English diaries write it") {
  for (const char* const day :
       {"5 March 2019", "5th March 2019", "05 Mar 2019", "5 Mar. 2019", "March 5, 2019", "Mar 5th 2019",
        "Tuesday, 5 March 2019", "Tue 5 Mar 2019", "Tue, March 5, 2019", "## 5 March 2019"}) {
    CAPTURE(day);
    const std::string written = day;
    CHECK(read(written) == "2019-03-05 00:00:00+01:00|");
    CHECK(read(written + ": went out") == "2019-03-05 00:00:00+01:00|went out");
    CHECK(read(written + " 9:26 PM") == "2019-03-05 21:26:00+01:00|");
    CHECK(read(written + " at 9:26 pm") == "2019-03-05 21:26:00+01:00|");
    CHECK(read(written + " at home") == "2019-03-05 00:00:00+01:00|at home");
  }
}

TEST_CASE("a time behind a day is taken with its half of the day, its seconds and its zone") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"21:26", "21:26:00+01:00|"},
      {"21:26:03", "21:26:03+01:00|"},
      {"9:05 am", "09:05:00+01:00|"},
      {"12:05 AM", "00:05:00+01:00|"},
      {"12:05PM x", "12:05:00+01:00|x"},
      {"09:05:07 PM", "21:05:07+01:00|"},
      {"21:26+0800", "21:26:00+08:00|"},
      {"21:26:03Z", "21:26:03+00:00|"},
      {"21:26:03.417293-03:30", "21:26:03-03:30|"},
      {"21:26:03,417 x", "21:26:03+01:00|x"},
  };
  for (const auto& one : cases) {
    const std::string written = one.first;
    CAPTURE(written);
    CHECK(read("2019-03-05 " + written) == "2019-03-05 " + one.second);
  }
  CHECK(read("2019-03-05T21:26:03+08:00 x") == "2019-03-05 21:26:03+08:00|x");
}

TEST_CASE("what only begins like a time, or a day of the week that is another one, belongs to the text") {
  for (const std::string text : {"10:30-11:00 meeting", "25:00", "9:5", "13:00 PM", "9点起床", "周五晚上", "Sunny day",
                                 "Wednesday is tomorrow", "星期三 no", "3 apples", "21:26x"}) {
    CAPTURE(text);
    CHECK(read("2019-03-05 " + text) == "2019-03-05 00:00:00+01:00|" + text);
  }
}

TEST_CASE("what can be read in two ways, or is no day, is no date") {
  for (const char* const line : {"",
                                 "05/03/2019",
                                 "5.3.2019",
                                 "2019-13-05",
                                 "2019-02-29",
                                 "2019-3",
                                 "2019年3月",
                                 "March 2019",
                                 "March 5",
                                 "3月5日",
                                 " 2019-03-05",
                                 "2019-03-05x",
                                 "2019-03-05.log",
                                 "2019-03/05",
                                 "20190305",
                                 "x 2019-03-05",
                                 "#2019-03-05",
                                 "Wed, 5 March 2019",
                                 "1.2019.3.5",
                                 "12019-03-05",
                                 "2019-03-055",
                                 "[2019-03-05]",
                                 "二〇一九年",
                                 "Tuesday"}) {
    CAPTURE(line);
    CHECK(read(line) == "none");
  }
}

TEST_CASE("an hour that came twice is the first, and one that was left out counts from the time before") {
  CHECK(read("2019-10-27 02:30") == "2019-10-27 02:30:00+02:00|");
  CHECK(read("2019-03-31 02:30") == "2019-03-31 03:30:00+02:00|");
  CHECK(read("2019-07-01 12:00") == "2019-07-01 12:00:00+02:00|");
}

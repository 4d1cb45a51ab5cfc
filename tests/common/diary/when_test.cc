#include "common/diary/when.h"

#include <doctest/doctest.h>
#include <time.h>

#include <string>
#include <utility>

#include "tests/support/scoped_variable.h"

using namespace md2;
using namespace md2::test;

namespace {

/// The zone of this process, for a scope.
class Zone {
 public:
  explicit Zone(const char* name) : variable_("TZ", name) { tzset(); }

 private:
  struct SetAtEnd {
    ~SetAtEnd() { tzset(); }
  } set_at_end_;  // when the variable is what it was
  ScopedVariable variable_;
};

/// Shows what it is told to, in that zone.
struct SetClock : Clock {
  explicit SetClock(const char* time) : micros(parse_timestamp(time)->micros) {}
  WallTime wall() override { return {micros, offset_at(micros)}; }

  std::int64_t micros;
};

constexpr const char* now_here = "2026-11-26 12:30:45.123456+08:00";  // a Thursday

/// As in a header, or why it is none.
std::string at(std::string_view when, const char* present = now_here) {
  SetClock clock(present);
  try {
    return to_string(parse_when(when, clock));
  } catch (const WhenError& error) {
    return error.what();
  }
}

/// The reason only.
std::string when_fault(std::string_view when, const char* present = now_here) {
  const std::string said = at(when, present);
  const std::string begin = "no entry can have the time '" + std::string(when) + "': ";
  return said.starts_with(begin) ? said.substr(begin.size()) : "none: " + said;
}

using Pair = std::pair<std::string, std::string>;

Pair split(std::string_view line) {
  const DatedLine dated = split_when(line);
  return {std::string(dated.when), std::string(dated.text)};
}

}  // namespace

TEST_CASE("a time alone is the latest such time not after now, to the fraction of the present second") {
  const Zone zone("Asia/Shanghai");
  CHECK(at("12:30") == "2026-11-26 12:30:00.123456+08:00");
  CHECK(at("12:30:45") == "2026-11-26 12:30:45.123456+08:00");
  CHECK(at("12:30:46") == "2026-11-25 12:30:46.123456+08:00");
  CHECK(at("12:31") == "2026-11-25 12:31:00.123456+08:00");
  CHECK(at("0:00") == "2026-11-26 00:00:00.123456+08:00");
  CHECK(at("23:59:59") == "2026-11-25 23:59:59.123456+08:00");
  CHECK(at("９：０５") == "2026-11-26 09:05:00.123456+08:00");
}

TEST_CASE("a day alone has the time of day that it is now, and both are both") {
  const Zone zone("Asia/Shanghai");
  CHECK(at("昨天") == "2026-11-25 12:30:45.123456+08:00");
  CHECK(at("today") == "2026-11-26 12:30:45.123456+08:00");
  CHECK(at("大前天") == "2026-11-23 12:30:45.123456+08:00");
  CHECK(at("wednesday") == "2026-11-25 12:30:45.123456+08:00");
  CHECK(at("2015/10/28") == "2015-10-28 12:30:45.123456+08:00");
  CHECK(at("2015年1月2日 21:26") == "2015-01-02 21:26:00.123456+08:00");
  CHECK(at("  昨天　21:26:03 ") == "2026-11-25 21:26:03.123456+08:00");
  CHECK(at("0000-01-01 00:00").starts_with("0000-01-01 00:00:00.123456"));
}

TEST_CASE("up to a day ahead is taken, and nothing beyond") {
  const Zone zone("Asia/Shanghai");
  CHECK(at("today 23:00") == "2026-11-26 23:00:00.123456+08:00");
  CHECK(at("2026-11-27") == "2026-11-27 12:30:45.123456+08:00");
  CHECK(when_fault("2026-11-27 12:30:46") == "it is more than a day ahead");
  CHECK(when_fault("9999-12-31") == "it is more than a day ahead");
}

TEST_CASE("what is no moment is refused with the reason") {
  const Zone zone("Asia/Shanghai");
  CHECK(when_fault("2026-02-30") == "the calendar has no such day");
  CHECK(when_fault("2026-13") == "there is no month 13");
  CHECK(when_fault("24:00") == "no day has such a time");
  CHECK(when_fault("昨天 12:60") == "no day has such a time");
  CHECK(when_fault("12:30:60") == "no day has such a time");
  for (const std::string time : {"8:5", "123:00", "12:3:0", "1:2:3:4", "12:", "12::30", "12:30:"}) {
    CAPTURE(time);
    CHECK(when_fault(time) == "a time is 21:26 or 21:26:03");
  }
  CHECK(when_fault("上周") == "that is a week, and an entry has one");
  CHECK(when_fault("2015-10") == "that is a month, and an entry has one");
  CHECK(when_fault("10-28") == "that is a day of every year, and an entry has one");
  for (const std::string other :
       {"", " ", "then", "-7d", "昨天 雨", "12:30 昨天", "昨天 12:30 雨", ":30", "昨天12:30"}) {
    CAPTURE(other);
    CHECK(when_fault(other) == "it is a day, a time or both, as in 2015-10-28 21:26");
  }
  CHECK(when_fault("\xff") != "none");
}

TEST_CASE("the same words twice, a moment apart, are two times") {
  const Zone zone("Asia/Shanghai");
  CHECK(at("昨天 21:26", "2026-11-26 12:30:45.000001+08:00") != at("昨天 21:26", "2026-11-26 12:30:46.000002+08:00"));
}

TEST_CASE("where the clocks are put forward, what they never showed is refused") {
  const Zone zone("Europe/Berlin");
  const char* const summer = "2026-06-01 02:30:00.000000+02:00";
  CHECK(at("2026-03-29 01:59:59", summer) == "2026-03-29 01:59:59.000000+01:00");
  CHECK(at("2026-03-29 03:00", summer) == "2026-03-29 03:00:00.000000+02:00");
  CHECK(when_fault("2026-03-29 02:30", summer) ==
        "the clocks here were put forward, and never showed 2026-03-29 02:30");
  CHECK(when_fault("2026-03-29", summer) == "the clocks here were put forward, and never showed 2026-03-29 02:30");
  // On that day itself: meant is the night, not the one before it.
  CHECK(when_fault("02:30", "2026-03-29 10:00:00.000000+02:00").ends_with("never showed 2026-03-29 02:30"));
  CHECK(at("02:30", "2026-03-29 01:00:00.000000+01:00") == "2026-03-28 02:30:00.000000+01:00");
}

TEST_CASE("of an hour that comes twice the first is meant") {
  const Zone zone("Europe/Berlin");
  CHECK(at("2026-10-25 02:30", "2026-11-01 12:00:00.000000+01:00") == "2026-10-25 02:30:00.000000+02:00");
  CHECK(at("02:30", "2026-10-25 12:00:00.000000+01:00") == "2026-10-25 02:30:00.000000+02:00");
  CHECK(at("02:50", "2026-10-25 02:10:00.000000+01:00") == "2026-10-25 02:50:00.000000+02:00");
  CHECK(at("02:50", "2026-10-25 02:10:00.000000+02:00") == "2026-10-24 02:50:00.000000+02:00");
}

TEST_CASE("a day that a zone has left out, and zones off the hour") {
  const Zone zone("Pacific/Apia");
  CHECK(when_fault("2011-12-30 12:00", "2012-06-01 12:00:00.000000+13:00").ends_with("never showed 2011-12-30 12:00"));
  const Zone nepal("Asia/Kathmandu");
  CHECK(at("2026-01-01 08:00") == "2026-01-01 08:00:00.123456+05:45");
}

TEST_CASE("WHEN is the first word of a line, and the second where that is meant as a time") {
  CHECK(split("昨天 雨") == Pair{"昨天", "雨"});
  CHECK(split("昨天 21:26 雨 和 雪") == Pair{"昨天 21:26", "雨 和 雪"});
  CHECK(split("昨天　２１：２６　雨 ") == Pair{"昨天　２１：２６", "雨"});
  CHECK(split("21:26 昨天的雨") == Pair{"21:26", "昨天的雨"});
  CHECK(split("21:26 21:27 雨") == Pair{"21:26", "21:27 雨"});
  CHECK(split("昨天 25:99 雨") == Pair{"昨天 25:99", "雨"});  // to be refused, not to become text
  CHECK(split("昨天 a:b") == Pair{"昨天", "a:b"});
  CHECK(split(" 昨天 ") == Pair{"昨天", ""});
  CHECK(split("昨天 21:26") == Pair{"昨天 21:26", ""});
  CHECK(split("") == Pair{"", ""});
}

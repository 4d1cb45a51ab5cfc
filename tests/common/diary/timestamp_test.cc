#include "common/diary/timestamp.h"

#include <doctest/doctest.h>

#include <ctime>

#include "tests/support/scoped_variable.h"

using namespace md2;

TEST_CASE("a timestamp is written with six fraction digits and a numeric offset") {
  CHECK(to_string(Timestamp{0, 0}) == "1970-01-01 00:00:00.000000+00:00");
  CHECK(to_string(Timestamp{1, 480}) == "1970-01-01 08:00:00.000001+08:00");
  CHECK(to_string(Timestamp{-1, 0}) == "1969-12-31 23:59:59.999999+00:00");
  CHECK(to_string(Timestamp{0, -210}) == "1969-12-31 20:30:00.000000-03:30");
  CHECK(to_string(Timestamp{1446038763417293, 480}) == "2015-10-28 21:26:03.417293+08:00");
}

TEST_CASE("a timestamp that was written is read back the same") {
  for (const char* text :
       {"2015-10-28 21:26:03.417293+08:00", "0000-01-01 00:00:00.000000+00:00", "9999-12-31 23:59:59.999999-23:59",
        "2000-02-29 00:00:00.000000+05:45", "1969-12-31 23:59:59.999999+00:00", "1883-11-18 12:03:58.000001-04:56"}) {
    CAPTURE(text);
    const auto time = parse_timestamp(text);
    REQUIRE(time);
    CHECK(to_string(*time) == text);
  }
}

TEST_CASE("every beginning of a timestamp is known as one, whether or not the moment exists") {
  for (const std::string text : {"2015-10-28 21:26:03.417293+08:00", "9999-99-99 99:99:99.999999-99:99"}) {
    for (std::size_t length = 0; length <= text.size(); ++length) {
      CAPTURE(length);
      CHECK(begins_timestamp(text.substr(0, length)));
      if (length == text.size()) continue;
      std::string wrong = text.substr(0, length + 1);
      for (const char c : {',', '/', ';', '\0', 'x'}) {
        wrong.back() = c;
        CHECK_FALSE(begins_timestamp(wrong));
      }
    }
    CHECK_FALSE(begins_timestamp(text + "0"));
  }
}

TEST_CASE("what is not exactly a timestamp, or names a moment that does not exist, is not read") {
  for (const char* text : {"",
                           "2015-10-28",
                           "2015-10-28T21:26:03.417293+08:00",
                           "2015-10-28 21:26:03.41729+08:00",
                           "2015-10-28 21:26:03.4172933+08:00",
                           "2015-10-28 21:26:03,417293+08:00",
                           "2015-10-28 21:26:03.417293 08:00",
                           "2015-10-28 21:26:03.417293,08:00",
                           "2015-10-28 21:26:03.417293+0800",
                           "2015-10-28 21:26:03.417293Z00:00",
                           " 015-10-28 21:26:03.417293+08:00",
                           "-015-10-28 21:26:03.417293+08:00",
                           "2015-13-28 21:26:03.417293+08:00",
                           "2015-00-28 21:26:03.417293+08:00",
                           "2015-02-29 21:26:03.417293+08:00",
                           "1900-02-29 21:26:03.417293+08:00",
                           "2015-10-00 21:26:03.417293+08:00",
                           "2015-10-28 24:00:00.000000+08:00",
                           "2015-10-28 21:60:03.417293+08:00",
                           "2015-10-28 21:26:60.417293+08:00",
                           "2015-10-28 21:26:03.417293+24:00",
                           "2015-10-28 21:26:03.417293+08:60",
                           "2015-10-28 21:26:03.417293-00:00",
                           "2015-10-28 21:26:03.417293+08:00 "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_timestamp(text));
  }
}

TEST_CASE("the same moment in two zones has the same micros and its own date") {
  const auto east = parse_timestamp("2015-10-29 00:30:00.000000+08:00");
  const auto west = parse_timestamp("2015-10-28 16:30:00.000000+00:00");
  REQUIRE(east);
  REQUIRE(west);
  CHECK(east->micros == west->micros);
  CHECK(local_date(*east) == Date{2015, 10, 29});
  CHECK(local_date(*west) == Date{2015, 10, 28});
}

TEST_CASE("dates know their weekday, their order and whether they exist") {
  CHECK(weekday({2015, 10, 28}) == 3);
  CHECK(weekday({1970, 1, 1}) == 4);
  CHECK(weekday({2000, 2, 27}) == 0);
  CHECK(Date{2015, 9, 30} < Date{2015, 10, 1});
  CHECK(Date{2014, 12, 31} < Date{2015, 1, 1});
  CHECK(exists({2016, 2, 29}));
  CHECK(exists({0, 1, 1}));
  CHECK_FALSE(exists({2015, 2, 29}));
  CHECK_FALSE(exists({2015, 4, 31}));
  CHECK_FALSE(exists({2015, 0, 1}));
  CHECK_FALSE(exists({2015, 13, 1}));
  CHECK_FALSE(exists({2015, 1, 0}));
  CHECK_FALSE(exists({-1, 1, 1}));
  CHECK_FALSE(exists({10000, 1, 1}));
}

TEST_CASE("now carries the offset of the user's time zone") {
  const test::ScopedVariable zone("TZ", "Asia/Kathmandu");
  tzset();
  CHECK(now().offset_minutes == 5 * 60 + 45);
}

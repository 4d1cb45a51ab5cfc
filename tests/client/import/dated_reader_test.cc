#include "client/import/dated_reader.h"

#include <doctest/doctest.h>

#include "tests/client/import/pieces.h"

using namespace md2;
using namespace md2::test;

namespace {

using Items = std::vector<std::string>;

Items dated_items(const std::string& input, std::size_t size = 1 << 16) {
  BerlinOf2019 clock;
  return items_by([&](Source& source, const TakeItem& take) { read_dated_text(source, clock, take); }, input, size);
}

}  // namespace

TEST_CASE("text under dates becomes an entry a day, with what stands behind the date in front") {
  const std::string diary =
      "我的日记\n\n2019年3月5日 星期二 "
      "晴\n\n今天去了公园。#散步\n\n花开了。\n2019年3月6日\n　　下雨。\n\n2019年3月7日\n\n";
  const Items expected = {"- 我的日记", "2019-03-05 00:00:00 晴\n\n今天去了公园。#散步\n\n花开了。",
                          "2019-03-06 00:00:00 　　下雨。\n"};
  for (std::size_t size = 1; size < 20; ++size) {
    CAPTURE(size);
    CHECK(dated_items(diary, size) == expected);
  }
}

TEST_CASE("text behind dates becomes an entry a line, or more with the lines that follow") {
  CHECK(dated_items("2019-03-05 went out\n2019-03-05 21:26 came back\n  late\n2019-03-06: slept\n") ==
        Items{"2019-03-05 00:00:00 went out", "2019-03-05 21:26:00 came back\n  late", "2019-03-06 00:00:00 slept"});
}

TEST_CASE("only dates in the form of the first begin an entry") {
  CHECK(dated_items("5 March 2019\n\nIt began\n2019-03-01 in fact.\n\n6 March 2019\nx") ==
        Items{"2019-03-05 00:00:00 \nIt began\n2019-03-01 in fact.\n", "2019-03-06 00:00:00 x"});
}

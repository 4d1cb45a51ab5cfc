#include "client/import/zone.h"

#include <doctest/doctest.h>

#include <ctime>
#include <fstream>
#include <iterator>

#include "tests/support/scoped_variable.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("a zone's offset is what localtime(3) has in it, from before all changes to long after the last") {
  for (const std::string name : {"Asia/Shanghai", "America/New_York", "Europe/Dublin", "Australia/Lord_Howe",
                                 "America/St_Johns", "Asia/Kolkata", "UTC", "America/Santiago", "Africa/Casablanca"}) {
    CAPTURE(name);
    const ScopedVariable zone("TZ", name.c_str());
    tzset();
    for (std::int64_t seconds = -4'000'000'000; seconds < 6'000'000'000; seconds += 3'333'333) {
      const time_t moment = seconds;
      tm fields{};
      localtime_r(&moment, &fields);
      CAPTURE(seconds);
      REQUIRE(offset_in_zone(name, seconds) == static_cast<int>(fields.tm_gmtoff / 60));
    }
  }
  tzset();
}

TEST_CASE("what is no zone has no offset") {
  for (const char* const name : {"", "Nowhere/At_All", "/etc/passwd", "../../../etc/passwd", "Asia"}) {
    CAPTURE(name);
    CHECK_FALSE(offset_in_zone(name, 0));
  }
}

TEST_CASE("a file that is cut at any byte is a zone or none, and nothing else happens") {
  std::ifstream file("/usr/share/zoneinfo/America/New_York", std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  REQUIRE(whole.size() > 1000);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    if (const auto zone = Zone::parse(whole.substr(0, size))) CHECK(zone->offset_at(0) == -5 * 3600);
  }
}

TEST_CASE("behind the last change a file's rule holds, in the south, too") {
  std::ifstream file("/usr/share/zoneinfo/UTC", std::ios::binary);
  const std::string utc{std::istreambuf_iterator<char>(file), {}};
  const std::string head = utc.substr(0, utc.rfind('\n', utc.size() - 2) + 1);
  const auto offset = [&](const std::string& rule, std::int64_t seconds) {
    const auto zone = Zone::parse(head + rule + "\n");
    REQUIRE(zone);
    return zone->offset_at(seconds);
  };
  const std::int64_t january = 1'704'067'200, july = 1'719'792'000;  // of 2024
  CHECK(offset("CET-1CEST,M3.5.0,M10.5.0/3", january) == 3600);
  CHECK(offset("CET-1CEST,M3.5.0,M10.5.0/3", july) == 7200);
  CHECK(offset("AEST-10AEDT,M10.1.0,M4.1.0/3", january) == 11 * 3600);
  CHECK(offset("AEST-10AEDT,M10.1.0,M4.1.0/3", july) == 10 * 3600);
  CHECK(offset("<+0330>-3:30", july) == 3 * 3600 + 1800);
}

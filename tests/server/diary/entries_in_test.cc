#include "server/diary/entries_in.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace md2;

namespace {

using Found = std::vector<std::pair<std::uint64_t, std::string>>;

Found entries(std::string_view bytes, std::uint64_t* whole = nullptr) {
  Found found;
  const std::uint64_t end =
      each_entry_in(bytes, 1000, whole == nullptr,
                    [&](std::uint64_t place, const std::string& text) { found.emplace_back(place, text); });
  if (whole != nullptr) *whole = end;
  return found;
}

const std::string header = "[2015-10-28 21:26:03.417293+08:00]";

}  // namespace

TEST_CASE("entries are found with their places, whatever ends their lines, and a note is none") {
  const std::string unix_lines = "a note\n" + header + " one\nits second line\n\n" + header + " two\n\n";
  CHECK(entries(unix_lines) == Found{{1007, header + " one\nits second line"}, {1063, header + " two"}});
  const std::string dos_lines = "a note\r\n" + header + " one\r\nits second line\r\n\r\n" + header + " two\r\r\n\r\n";
  CHECK(entries(dos_lines) == Found{{1008, header + " one\nits second line"}, {1067, header + " two"}});
}

TEST_CASE("a carriage return inside a line is text") {
  CHECK(entries(header + " one\r (corrected)\r\n\r\n") == Found{{1000, header + " one\r (corrected)"}});
  CHECK(entries(header + " one\r") == Found{{1000, header + " one"}});
}

TEST_CASE("an entry that may go on is left for the next time") {
  std::uint64_t whole = 0;
  const std::string one = header + " one\r\n\r\n";
  CHECK(entries(one + header + " tw", &whole) == Found{{1000, header + " one"}});
  CHECK(whole == 1000 + one.size());
}

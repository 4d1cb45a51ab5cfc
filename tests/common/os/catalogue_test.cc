#include "common/os/catalogue.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catalogue_bytes.h"

using namespace md2;
using namespace md2::test;

namespace {

const std::string bytes = catalogue_bytes({{"", "Language: xx\n"},
                                           {"another", "ein anderer"},
                                           {std::string("{} entry\0{} entries", 19), std::string("{} E\0{} Es", 10)},
                                           {std::string("{} day\0{} days", 14), "{} T"},
                                           {"open '{}'", "'{}' auf"}});

}  // namespace

TEST_CASE("a catalogue gives the translation of each message, and nothing for one that it does not have") {
  const auto catalogue = Catalogue::read(bytes);
  REQUIRE(catalogue);
  CHECK(catalogue->find("another") == "ein anderer");
  CHECK(catalogue->find("open '{}'") == "'{}' auf");
  CHECK(catalogue->find("anothe").empty());
  CHECK(catalogue->find("another one").empty());
  CHECK(catalogue->find("zz").empty());
  CHECK(catalogue->find("").empty());  // the header is no message
}

TEST_CASE("a plural is found by its singular, and its form follows the number where there are two") {
  const auto catalogue = Catalogue::read(bytes);
  REQUIRE(catalogue);
  CHECK(catalogue->find("{} entry", 1) == "{} E");
  CHECK(catalogue->find("{} entry", 0) == "{} Es");
  CHECK(catalogue->find("{} entry", 7) == "{} Es");
  CHECK(catalogue->find("{} day", 1) == "{} T");
  CHECK(catalogue->find("{} day", 7) == "{} T");
}

TEST_CASE("a catalogue that is cut at any byte, or has any byte changed, gives some answer") {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    if (const auto cut = Catalogue::read(bytes.substr(0, size))) CHECK(cut->find("another").size() <= size);
    std::string changed = bytes;
    changed[size] = static_cast<char>(changed[size] ^ 0xff);
    if (const auto other = Catalogue::read(changed)) CHECK(other->find("open '{}'").size() <= changed.size());
  }
}

TEST_CASE("what is no catalogue, or one in another order of bytes, is none") {
  CHECK_FALSE(Catalogue::read(""));
  CHECK_FALSE(Catalogue::read("msgid \"another\"\nmsgstr \"ein anderer\"\n"));
  std::string swapped = bytes;
  std::swap(swapped[0], swapped[3]);
  std::swap(swapped[1], swapped[2]);
  CHECK_FALSE(Catalogue::read(swapped));
}

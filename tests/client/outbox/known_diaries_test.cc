#include "client/outbox/known_diaries.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>
#include <vector>

#include "tests/client/outbox/two_diaries.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("which diary answered last at an address is known to the next client") {
  const TemporaryFolder folder;
  CHECK(KnownDiaries(folder.path()).identity_of("a_1") == "");
  KnownDiaries(folder.path()).remember("a_1", one);
  KnownDiaries known(folder.path());
  CHECK(known.identity_of("a_1") == one);
  CHECK(known.name_of(one) == "a_1");
  known.remember("b_1", one);
  known.remember("a_1", two);
  CHECK(read_file(folder.path("diaries")) == "b_1 " + one + "\na_1 " + two + "\n");
  CHECK(KnownDiaries(folder.path()).name_of(one) == "b_1");
  struct stat status = {};
  REQUIRE(stat(folder.path("diaries").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("no more than 256 addresses are known, the latest ones, and what is no line is passed over") {
  const TemporaryFolder folder;
  write_file(folder.path("diaries"), "\nx\n y\na_0 123\nb_0 " + std::string(32, 'A') + "\nc_0 " + one + "\nd_0 " + two);
  KnownDiaries known(folder.path());
  CHECK(known.identity_of("a_0") == "");
  CHECK(known.identity_of("b_0") == "");
  CHECK(known.identity_of("c_0") == one);
  CHECK(known.identity_of("d_0") == two);
  for (int i = 0; i < 300; ++i) known.remember(fmt::format("a_{}", i), one);
  CHECK(known.identity_of("a_299") == one);
  CHECK(known.identity_of("a_44") == one);
  CHECK(known.identity_of("a_43") == "");
}

TEST_CASE("what several clients learn at once is all known") {
  const TemporaryFolder folder;
  std::vector<std::thread> clients;
  clients.reserve(4);
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&folder, i] {
      KnownDiaries known(folder.path());
      for (int n = 0; n < 20; ++n) known.remember(fmt::format("{}_{}", i, n), one);
    });
  }
  for (std::thread& client : clients) client.join();
  const KnownDiaries known(folder.path());
  for (int i = 0; i < 80; ++i) CHECK(known.identity_of(fmt::format("{}_{}", i / 20, i % 20)) == one);
}

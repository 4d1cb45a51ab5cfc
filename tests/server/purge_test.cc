#include "server/purge.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "common/diary/correction.h"
#include "server/diary/diary.h"
#include "server/session.h"
#include "tests/support/child.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/hush.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string correction(int number, const std::string& text, int by, const std::string& newest) {
  return entry(by, correction_text({{{1'446'038'763'417'293 + number, 480}, name_hash(text)}, newest}));
}

struct PurgeFixture {
  TemporaryFolder folder;
  std::string file = folder.path("diary");
  std::string tea = entry(1, "tea");
  std::string rain = entry(2, "s3cret");
  std::string snow = entry(3, "snow\n\n[ice");
  std::string coffee = correction(1, "tea", 4, "coffee");
  std::string cocoa = correction(1, "tea", 6, "~[2015-10-28 21:26:03.417293+08:00] cocoa");
  std::string strike = correction(2, "s3cret", 5, "");
  std::string unplaced = correction(99, "nowhere", 7, "anything");
  std::string before = "loose\n" + tea + rain + snow + coffee + strike + cocoa + unplaced;
  std::string after = "loose\n" + entry(1, "~~[2015-10-28 21:26:03.417293+08:00] cocoa") + snow + unplaced;

  /// Written by a server, so that the ring has it.
  void write_diary() {
    write_file(file, "loose\n");
    Diary diary(file, ignore);
    for (const std::string& one : {tea, rain, snow, coffee, strike, cocoa, unplaced}) {
      diary.add(one);
      CHECK(diary.commit().saved());
    }
    before = read_file(file);
    after = before.substr(0, before.find('[')) + after.substr(6);
  }

  std::string all_files() const {
    std::string all;
    for (const auto& item : std::filesystem::directory_iterator(folder.path())) all += read_file(item.path());
    return all;
  }

  /// What a server answers to a `write` that was sent before.
  std::string write(const std::string& encoded) {
    Diary diary(file, ignore);
    Session session(diary, some_identity, to_nobody);
    session.greet();
    std::string out;
    session.produce(out, 1 << 20);
    session.receive(message(Verb::write, 0, encoded));
    for (out.clear(); out.empty();) {
      diary.check_for_changes();
      session.handle_requests();
      session.committed(diary.commit());
      session.produce(out, 1 << 20);
    }
    return out.substr(0, out.find(' '));
  }
};

}  // namespace

TEST_CASE_FIXTURE(PurgeFixture,
                  "a purge leaves the newest texts in the place of the first, and nothing of the others") {
  write_diary();
  chmod(file.c_str(), 0640);
  const std::string said = purge(file);
  CHECK(said.find("1 entries have their newest texts, 1 that were struck out are gone, and so are the 3") !=
        std::string::npos);
  CHECK(read_file(file) == after);
  struct stat status = {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0640);
  for (const std::string gone : {"tea", "s3cret", "coffee"}) CHECK(all_files().find(gone) == std::string::npos);
  CHECK(purge(file).find("has no corrections that could be made final") != std::string::npos);
  CHECK(read_file(file) == after);
}

TEST_CASE_FIXTURE(PurgeFixture,
                  "a correction by hand that means nobody changes nobody behind a purge, nor comes again") {
  const std::string time = "2015-10-28 21:26:03.417294+08:00";
  const std::string by_hand = entry(8, "~[" + time + "] which of them?");
  const std::string of_newest = correction(1, "coffee", 9, "milk");
  const std::string other = entry(1, "other");
  write_file(file, tea + other + coffee + by_hand + of_newest);
  purge(file);
  const std::string left = entry(1, "coffee") + other + entry(8, "~~[" + time + "] which of them?") +
                           entry(9, "~" + of_newest.substr(header_length, of_newest.size() - header_length - 2));
  CHECK(read_file(file) == left);
  CHECK(purge(file).find("has no corrections that could be made final") != std::string::npos);
  CHECK(write(by_hand) == "refused");
  CHECK(read_file(file) == left);
}

TEST_CASE_FIXTURE(PurgeFixture, "what a purge took out is refused when it comes again, and what stands is saved") {
  write_diary();
  purge(file);
  for (const std::string& gone : {tea, rain, coffee, strike, cocoa}) CHECK(write(gone) == "refused");
  CHECK(read_file(file) == after);
  for (const std::string& there : {snow, unplaced}) CHECK(write(there) == "saved");
  CHECK(write(entry(1, "~~[2015-10-28 21:26:03.417293+08:00] cocoa")) == "saved");
  CHECK(read_file(file) == after);
  CHECK(write(entry(50, "new")) == "saved");
  CHECK(read_file(file) == after + entry(50, "new"));
}

TEST_CASE_FIXTURE(PurgeFixture, "a purge takes the same out of what lies beside the diary, and leaves the rest there") {
  write_diary();
  write_file(file + ".missing.2026-11-25T10.00.00", rain + entry(20, "other"));
  write_file(file + ".missing.2026-11-25T10.00.01", rain);
  write_file(file + ".torn.2026-11-25T10.00.00", rain.substr(0, rain.size() - 4));
  write_file(file + ".missing.2026-11-25T10.00.02", entry(2, "of the same time"));
  CHECK(purge(file).find("3 of these entries were taken out") != std::string::npos);
  CHECK(read_file(file + ".missing.2026-11-25T10.00.00") == entry(20, "other"));
  CHECK(read_file(file + ".missing.2026-11-25T10.00.02") == entry(2, "of the same time"));
  CHECK(!std::filesystem::exists(file + ".missing.2026-11-25T10.00.01"));
  CHECK(!std::filesystem::exists(file + ".torn.2026-11-25T10.00.00"));
}

TEST_CASE_FIXTURE(PurgeFixture, "a diary that is served, and none at all, is not purged") {
  write_diary();
  {
    const Diary served(file, ignore);
    CHECK_THROWS_WITH(purge(file), ("diary '" + file + "' is in use by another md2server").c_str());
  }
  CHECK(read_file(file) == before);
  DiaryLock lock(file);
  lock.serve_at(std::string(DiaryLock::being_purged));
  CHECK_THROWS_WITH(Diary(file, ignore), ("diary '" + file + "' is being purged").c_str());
  CHECK_THROWS(purge(folder.path("none")));
  CHECK(!std::filesystem::exists(folder.path("none")));
}

TEST_CASE_FIXTURE(PurgeFixture, "a purge of a diary behind a link leaves the link") {
  write_diary();
  const std::string link = folder.path("link");
  std::filesystem::create_symlink(file, link);
  purge(link);
  CHECK(std::filesystem::is_symlink(link));
  CHECK(read_file(file) == after);
}

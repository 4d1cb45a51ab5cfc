#include "server/diary/diary.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <filesystem>
#include <random>

#include "tests/fault/sweep.h"
#include "tests/server/diary/diary_fixture.h"
#include "tests/support/child.h"
#include "tests/support/files.h"

using namespace md2;
using namespace md2::test;

TEST_CASE_FIXTURE(DiaryFixture, "a new diary is empty, its owner's alone, and locked") {
  open();
  CHECK(diary->durable() == 0);
  CHECK(diary->read(0, file.data(), 1) == 0);
  struct stat status = {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(std::filesystem::exists(file + ".lock"));
  CHECK(reports.empty());
}

TEST_CASE_FIXTURE(DiaryFixture, "a second server on the same diary is refused, by whatever name it calls it") {
  open();
  std::filesystem::create_symlink("diary", folder.path("symlink"));
  std::filesystem::create_hard_link(file, folder.path("hardlink"));
  for (const char* const name : {"diary", "symlink", "hardlink"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH_AS(Diary(folder.path(name), {}), doctest::Contains("in use"), Error);
  }
  replace_by_hand(file, "");
  CHECK_THROWS_WITH_AS(Diary(file, {}), doctest::Contains("in use"), Error);
  diary.reset();
  Diary again(file, {});
}

TEST_CASE_FIXTURE(DiaryFixture, "the entries of a turn go out in one write and one sync and stand where add() said") {
  open();
  disk.writes = disk.syncs = 0;
  std::string all;
  for (int i = 0; i < 100; ++i) {
    CHECK(diary->add(entry(i)) == all.size());
    all += entry(i);
  }
  CHECK(diary->batch() == all);
  CHECK(diary->durable() == 0);
  CHECK(diary->commit().saved());
  CHECK(disk.writes == 1);
  CHECK(disk.syncs == 1);
  CHECK(diary->batch().empty());
  CHECK(contents() == all);
  CHECK(read_all() == all);
  CHECK(diary->commit().saved());
  CHECK(disk.writes == 1);
}

TEST_CASE_FIXTURE(DiaryFixture, "readers see nothing that is not durable") {
  open(entry(1));
  diary->add(entry(2));
  CHECK(read_all() == entry(1));
  append_by_hand(file, entry(3));
  CHECK(read_all() == entry(1));
}

TEST_CASE_FIXTURE(DiaryFixture, "short and interrupted writes go on with the rest") {
  open();
  disk.longest_write = 7;
  disk.interruptions = 3;
  CHECK(append(entry(1)).saved());
  CHECK(append(entry(2)).saved());
  CHECK(contents() == entries(1, 3));
}

TEST_CASE_FIXTURE(DiaryFixture, "on a full disk an entry fails whole, reading goes on, and with room it works again") {
  for (const int error : {ENOSPC, EDQUOT, EFBIG}) {
    for (std::size_t room = 0; room < entry(2).size(); room += error == ENOSPC ? 3 : 20) {
      CAPTURE(error);
      CAPTURE(room);
      open(entry(1));
      disk.write_error = error;
      disk.room = room;
      const Commit commit = append(entry(2));
      CHECK_FALSE(commit.saved());
      CHECK_FALSE(commit.reason.empty());
      CHECK(contents() == entry(1));
      CHECK_FALSE(append(entry(3)).saved());
      CHECK(read_all() == entry(1));
      CHECK_FALSE(changed());
      disk.room = 1000;
      CHECK(append(entry(4)).saved());
      CHECK(contents() == entry(1) + entry(4));
      CHECK(reports.empty());
    }
  }
}

TEST_CASE_FIXTURE(DiaryFixture, "a full disk doesn't keep a server from starting") {
  disk.room = 0;
  open("a note");
  CHECK(read_all() == "a note");
  CHECK_FALSE(append(entry(1)).saved());
  disk.room = 1000;
  CHECK(append(entry(2)).saved());
  CHECK(contents() == "a note\n\n" + entry(2));
}

TEST_CASE_FIXTURE(DiaryFixture, "a file size limit is met for real and survived") {
  open(entry(1));
  const int status = in_child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{entry(1).size() + 10, entry(1).size() + 10};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    diary->add(entry(2));
    const Commit commit = diary->commit();
    if (commit.saved()) return 2;
    return read_all() == entry(1) && contents() == entry(1) ? 0 : 3;
  });
  CHECK(status == 0);
  CHECK(append(entry(3)).saved());
}

TEST_CASE_FIXTURE(DiaryFixture, "when a failed append can't be taken back, nothing is written any more") {
  open(entry(1));
  disk.room = 5;
  disk.ftruncate_error = EIO;
  diary->add(entry(2));
  CHECK_THROWS_AS(diary->commit(), Error);
  const std::string before = contents();
  disk.room = 1000;
  disk.ftruncate_error = 0;
  diary->add(entry(3));
  CHECK_THROWS_AS(diary->commit(), Error);
  CHECK(contents() == before);
  // What it left behind is an incomplete entry at the end.
  open();
  CHECK(contents() == entry(1));
  CHECK(read_file(kept("torn")) == entry(2).substr(0, 5));
}

TEST_CASE_FIXTURE(DiaryFixture, "a write error that no room will mend ends it, with nothing of the entry in the file") {
  open(entry(1));
  disk.room = 5;
  disk.write_error = EIO;
  diary->add(entry(2));
  CHECK_THROWS_AS(diary->commit(), Error);
  CHECK(contents() == entry(1));
}

TEST_CASE_FIXTURE(DiaryFixture, "after a failed sync there is no answer, no second sync and no write") {
  open(entry(1));
  disk.fdatasync_error = EIO;
  diary->add(entry(2));
  CHECK_THROWS_WITH_AS(diary->commit(), doctest::Contains(file.c_str()), Error);
  const auto [writes, syncs] = std::pair(disk.writes, disk.syncs);
  disk.fdatasync_error = 0;
  CHECK_THROWS_AS(diary->commit(), Error);
  diary->add(entry(3));
  CHECK_THROWS_AS(diary->commit(), Error);
  append_by_hand(file, "note\n");
  CHECK_FALSE(changed());
  CHECK(disk.writes == writes);
  CHECK(disk.syncs == syncs);
  CHECK(diary->durable() == entry(1).size());
}

namespace {

/// Appends 20 entries, then the power goes. True if the disk has all that was said to be saved.
bool survives_power_cut(DiaryFixture& fixture) {
  fixture.open();
  std::string acknowledged;
  for (int i = 0; i < 20; ++i) {
    if (fixture.append(entry(i)).saved()) acknowledged += entry(i);
  }
  return fixture.disk.stable() == acknowledged;
}

}  // namespace

TEST_CASE_FIXTURE(DiaryFixture, "what was saved survives a power cut") {
  CHECK(survives_power_cut(*this));
}

TEST_CASE_FIXTURE(DiaryFixture,
                  "what a power cut took from the ring is guarded, also while what is missing can't be kept") {
  open("");
  append(entry(1));
  const std::string ring = read_file(file + ".ring");
  append(entry(2));
  diary.reset();
  disk.boot = "another";
  write_file(file + ".ring", ring);
  write_file(file, entry(2));
  disk.full_for = ".missing.";
  open();
  write_file(folder.path("older"), "");
  std::filesystem::rename(folder.path("older"), file);
  CHECK(changed());
  diary.reset();
  disk.full_for.clear();
  open();
  CHECK(read_file(kept("missing")) == entry(1) + entry(2));
}

TEST_CASE_FIXTURE(DiaryFixture, "without the sync a power cut loses what was called saved") {
  disk.pretends_to_sync = true;
  CHECK_FALSE(survives_power_cut(*this));
}

TEST_CASE_FIXTURE(DiaryFixture,
                  "without a note of it, an end of zeros or half a character is moved aside, and sound text is not") {
  const std::string before = "旧的日记\n\n" + entries(0, 2);
  const std::string last = entry(2, "八\n[二\n\n末");
  enum class Rest { gone, zeros, most_zeros };
  for (const Rest rest : {Rest::gone, Rest::zeros, Rest::most_zeros}) {
    for (std::size_t cut = 0; cut <= last.size(); cut += rest == Rest::most_zeros ? 5 : 1) {
      CAPTURE(static_cast<int>(rest));
      CAPTURE(cut);
      std::string torn = last.substr(0, cut);
      if (rest == Rest::zeros) torn += std::string(last.size() - cut, '\0');
      if (rest == Rest::most_zeros) torn += std::string(5000, '\0') + "end of it\n\n";
      open(before + torn);
      CHECK(contents().starts_with(before));
      const std::string kept_file = kept("torn");
      if (kept_file.empty()) {
        // Nothing was taken: what stands there is sound text, and only newlines were added.
        CHECK(torn.find('\0') == std::string::npos);
        CHECK(contents().starts_with(before + torn));
        CHECK(contents().substr(before.size() + torn.size()).find_first_not_of('\n') == std::string::npos);
        CHECK(reports.empty());
      } else {
        CHECK(read_file(kept_file) == torn.substr(torn.size() - std::filesystem::file_size(kept_file)));
        CHECK(contents() ==
              (before + torn).substr(0, before.size() + torn.size() - std::filesystem::file_size(kept_file)));
        REQUIRE(reports.size() == 1);
        CHECK(reports[0].find(kept_file) != std::string::npos);
        std::filesystem::remove(kept_file);
      }
      const std::string mended = contents();
      CHECK((mended.ends_with("\n\n")));
      CHECK(append(entry(3)).saved());
      CHECK(read_all() == mended + entry(3));
      if (rest != Rest::gone) continue;
      open();
      CHECK(read_all() == mended + entry(3));
      CHECK(kept("torn").empty());
    }
  }
}

TEST_CASE_FIXTURE(DiaryFixture,
                  "an append of ours that was cut at any byte is moved aside, and its whole entries stay") {
  const std::string one = entry(2, "八\n[二\n\n末");
  const std::string batch = one + entry(3);
  for (const bool power_cut : {false, true}) {
    for (std::size_t cut = 1; cut <= batch.size(); cut += distance_of_points(1)) {
      CAPTURE(power_cut);
      CAPTURE(cut);
      open(entry(0));
      CHECK(append(entry(1)).saved());
      diary->add(one);
      diary->add(entry(3));
      CHECK(diary->commit().saved());
      diary.reset();
      const std::string zeros(power_cut ? batch.size() - cut : 0, '\0');
      write_file(file, entries(0, 2) + batch.substr(0, cut) + zeros);
      if (power_cut) disk.boot = "another";
      open();
      disk.boot.clear();
      const std::size_t whole = cut == batch.size() ? cut : cut >= one.size() ? one.size() : 0;
      CHECK(contents() == entries(0, 2) + batch.substr(0, whole));
      const std::string torn = kept("torn");
      CHECK((torn.empty() ? "" : read_file(torn)) == batch.substr(whole, cut - whole) + zeros);
      // Only its owner, or a disk that lies, can have cut what was saved: it is missing.
      const std::string missing = kept("missing");
      CHECK((missing.empty() ? "" : read_file(missing)) == batch.substr(whole));
      if (!missing.empty()) std::filesystem::remove(missing);
      if (!torn.empty()) std::filesystem::remove(torn);
      CHECK(append(entry(4)).saved());
    }
  }
}

TEST_CASE_FIXTURE(DiaryFixture, "what the owner wrote over a torn append of ours is his") {
  open(entry(0));
  CHECK(append(entry(1)).saved());
  diary.reset();
  const std::string his = entry(0) + entry(1).substr(0, 45) + " of his own";
  write_file(file, his);
  open();
  CHECK(contents() == his + "\n\n");
  CHECK(kept("torn").empty());
  CHECK(read_file(kept("missing")) == entry(1));
}

TEST_CASE_FIXTURE(DiaryFixture, "damage in the middle is told and left alone") {
  const std::string damaged = entry(0) + std::string(100, '\0') + "\n\n" + entry(1);
  open(damaged);
  CHECK(contents() == damaged);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].find("left as it is") != std::string::npos);
}

TEST_CASE_FIXTURE(DiaryFixture, "what can't be a diary is one clear error") {
  std::filesystem::create_directory(file);
  CHECK(error_of_open() == "cannot open diary '" + file + "': Is a directory");
  std::filesystem::remove(file);
  REQUIRE(mkfifo(file.c_str(), 0600) == 0);
  CHECK(error_of_open() == "cannot open diary '" + file + "': not a regular file");
  std::filesystem::remove(file);
  file = folder.path("no folder/diary");
  CHECK(error_of_open().find("No such file or directory") != std::string::npos);
}

TEST_CASE_FIXTURE(DiaryFixture, "a diary without permission is one clear error") {
  write_file(file, "");
  REQUIRE(chmod(file.c_str(), 0400) == 0);
  REQUIRE(chmod(folder.path().c_str(), 0777) == 0);
  const int status = in_child([&] {
    // The file keeps its owner: whoever runs this, as root or not, may only read it.
    if (getuid() == 0 && setuid(65534) != 0) return 1;
    return error_of_open() == "cannot open diary '" + file + "': Permission denied" ? 0 : 2;
  });
  CHECK(status == 0);
}

TEST_CASE_FIXTURE(DiaryFixture, "a symbolic link is followed, and lock and kept text lie beside the link") {
  std::filesystem::create_directory(folder.path("elsewhere"));
  const std::string real = folder.path("elsewhere/real");
  std::filesystem::create_symlink(real, file);
  open();
  CHECK(append(entry(0)).saved());
  CHECK(read_file(real) == entry(0));
  CHECK(std::filesystem::is_symlink(file));
  CHECK(std::filesystem::exists(file + ".lock"));
  diary.reset();
  CHECK(std::filesystem::remove(real + ".ring"));  // which would know an append of ours
  append_by_hand(real, entry(1).substr(0, 40) + "\xe4\xbb");
  open();
  CHECK(read_file(kept("torn")) == entry(1).substr(0, 40) + "\xe4\xbb");
}

TEST_CASE_FIXTURE(DiaryFixture, "at no fault does a byte before the durable offset change") {
  std::mt19937 random(20151028);
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  int faults = 0;
  for (int round = 0; round < 60; ++round) {
    CAPTURE(round);
    disk = FakeDisk();
    open();
    std::string durable = read_all();
    REQUIRE(contents() == durable);
    try {
      for (int turn = 0; turn < 20; ++turn) {
        disk.longest_write = one_in(3) ? 1 + random() % 50 : 1 << 20;
        disk.interruptions = one_in(5) ? 2 : 0;
        disk.room = one_in(3) ? random() % 300 : 1 << 20;
        disk.write_error = one_in(10) ? EIO : ENOSPC;
        disk.fdatasync_error = one_in(30) ? EIO : 0;
        disk.ftruncate_error = one_in(10) ? EIO : 0;
        diary->check_for_changes();
        for (unsigned i = 0; i <= random() % 3; ++i) diary->add(entry(static_cast<int>(random() % 1'000'000)));
        if (!diary->commit().saved()) ++faults;
        CHECK(diary->durable() >= durable.size());
        CHECK(contents().starts_with(durable));
        CHECK(contents().size() == diary->durable());
        durable = read_all();
      }
    } catch (const Error&) {
      ++faults;
      CHECK(contents().starts_with(durable));
    }
    // Killed: half of the times the disk forgets a part of what was not synced.
    std::string after = contents();
    if (one_in(2)) after.resize(durable.size() + random() % (after.size() - durable.size() + 1));
    diary.reset();
    write_file(file, after);
    disk = FakeDisk();
    open();
    CHECK(contents().starts_with(durable));
    for (const auto& item : std::filesystem::directory_iterator(folder.path())) {
      if (item.path().filename().string().starts_with("diary.torn.")) std::filesystem::remove(item.path());
    }
  }
  CHECK(faults > 60);
}

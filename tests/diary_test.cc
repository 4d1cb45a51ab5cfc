#include "server/diary.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "common/entry.h"
#include "common/error.h"
#include "tests/support/deadline.h"
#include "tests/support/fake_disk.h"
#include "tests/support/sandbox.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string entry(int number, const std::string& text = "八荣八耻\n[第二行\n\n末行") {
  return encode({{1'446'038'763'417'293 + number, 480}, text});
}

std::string entries(int begin, int end) {
  std::string all;
  for (int i = begin; i < end; ++i) all += entry(i);
  return all;
}

void append_by_hand(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::app) << bytes;
}

/// As vim does it: a new file is written and takes the name.
void replace(const std::string& path, const std::string& contents) {
  write_file(path + "~", contents);
  REQUIRE(::rename((path + "~").c_str(), path.c_str()) == 0);
}

struct Fixture {
  Sandbox sandbox;
  std::string file = sandbox.path("diary");
  FakeDisk disk;
  std::vector<std::string> reports;
  std::optional<Diary> diary;

  Diary& open() {
    diary.reset();
    return diary.emplace(
        file, [this](const std::string& line) { reports.push_back(line); }, disk);
  }

  Diary& open(const std::string& contents) {
    diary.reset();
    reports.clear();
    write_file(file, contents);
    return open();
  }

  /// Appends one entry in a turn of its own. Checks that its header stands where add() said.
  Diary::Commit append(const std::string& encoded) {
    const std::uint64_t at = diary->add(encoded);
    const Diary::Commit commit = diary->commit();
    if (commit.saved) {
      CHECK(read_file(file).substr(at) == encoded);
      CHECK(diary->durable() == at + encoded.size());
    }
    return commit;
  }

  std::string contents() const { return read_file(file); }

  std::string read_all() const {
    std::string all(diary->durable() + 10, '\0');
    all.resize(diary->read(0, all.data(), all.size()));
    return all;
  }

  /// The one file beside the diary whose name says that it keeps something; empty when there is none.
  std::string kept(const std::string& word) const {
    std::string found;
    for (const auto& item : std::filesystem::directory_iterator(sandbox.folder())) {
      if (!item.path().filename().string().starts_with("diary." + word + ".")) continue;
      CHECK(found.empty());
      found = item.path();
    }
    return found;
  }

  std::string error_of_open() {
    try {
      open();
    } catch (const Error& error) {
      return error.what();
    }
    return "opened";
  }
};

/// What `work` returns as a status of a child process, where limits and identities can be changed.
template <typename Work>
int in_child(Work work) {
  fflush(nullptr);  // or what doctest has buffered is written twice
  const pid_t child = fork();
  if (child == 0) {
    int status = 99;
    try {
      status = work();
    } catch (const std::exception& error) {
      fprintf(stderr, "%s\n", error.what());
    }
    _exit(status);
  }
  int status = -1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a new diary is empty, its owner's alone, and locked") {
  open();
  CHECK(diary->durable() == 0);
  CHECK(diary->read(0, file.data(), 1) == 0);
  struct stat status {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(std::filesystem::exists(file + ".lock"));
  CHECK(reports.empty());
}

TEST_CASE_FIXTURE(Fixture, "a second server on the same diary is refused, by whatever name it calls it") {
  open();
  std::filesystem::create_symlink("diary", sandbox.path("symlink"));
  std::filesystem::create_hard_link(file, sandbox.path("hardlink"));
  for (const char* const name : {"diary", "symlink", "hardlink"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH_AS(Diary(sandbox.path(name)), doctest::Contains("in use"), Error);
  }
  replace(file, "");
  CHECK_THROWS_WITH_AS(Diary{file}, doctest::Contains("in use"), Error);
  diary.reset();
  Diary again(file);
}

TEST_CASE_FIXTURE(Fixture, "the entries of a turn go out in one write and one sync and stand where add() said") {
  open();
  disk.writes = disk.syncs = 0;
  std::string all;
  for (int i = 0; i < 100; ++i) {
    CHECK(diary->add(entry(i)) == all.size());
    all += entry(i);
  }
  CHECK(diary->batch() == all);
  CHECK(diary->durable() == 0);
  CHECK(diary->commit().saved);
  CHECK(disk.writes == 1);
  CHECK(disk.syncs == 1);
  CHECK(diary->batch().empty());
  CHECK(contents() == all);
  CHECK(read_all() == all);
  CHECK(diary->commit().saved);
  CHECK(disk.writes == 1);
}

TEST_CASE_FIXTURE(Fixture, "readers see nothing that is not durable") {
  open(entry(1));
  diary->add(entry(2));
  CHECK(read_all() == entry(1));
  append_by_hand(file, entry(3));
  CHECK(read_all() == entry(1));
}

TEST_CASE_FIXTURE(Fixture, "short and interrupted writes go on with the rest") {
  open();
  disk.longest_write = 7;
  disk.interruptions = 3;
  CHECK(append(entry(1)).saved);
  CHECK(append(entry(2)).saved);
  CHECK(contents() == entries(1, 3));
}

TEST_CASE_FIXTURE(Fixture, "on a full disk an entry fails whole, reading goes on, and with room it works again") {
  for (const int error : {ENOSPC, EDQUOT, EFBIG}) {
    for (std::size_t room = 0; room < entry(2).size(); room += error == ENOSPC ? 3 : 20) {
      CAPTURE(error);
      CAPTURE(room);
      open(entry(1));
      disk.write_error = error;
      disk.room = room;
      const Diary::Commit commit = append(entry(2));
      CHECK_FALSE(commit.saved);
      CHECK_FALSE(commit.reason.empty());
      CHECK(contents() == entry(1));
      CHECK_FALSE(append(entry(3)).saved);
      CHECK(read_all() == entry(1));
      CHECK_FALSE(diary->look());
      disk.room = 1000;
      CHECK(append(entry(4)).saved);
      CHECK(contents() == entry(1) + entry(4));
      CHECK(reports.empty());
    }
  }
}

TEST_CASE_FIXTURE(Fixture, "a full disk doesn't keep a server from starting") {
  disk.room = 0;
  open("a note");
  CHECK(read_all() == "a note");
  CHECK_FALSE(append(entry(1)).saved);
  disk.room = 1000;
  CHECK(append(entry(2)).saved);
  CHECK(contents() == "a note\n\n" + entry(2));
}

TEST_CASE_FIXTURE(Fixture, "a file size limit is met for real and survived") {
  open(entry(1));
  const int status = in_child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{entry(1).size() + 10, entry(1).size() + 10};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    diary->add(entry(2));
    const Diary::Commit commit = diary->commit();
    if (commit.saved) return 2;
    return read_all() == entry(1) && contents() == entry(1) ? 0 : 3;
  });
  CHECK(status == 0);
  CHECK(append(entry(3)).saved);
}

TEST_CASE_FIXTURE(Fixture, "when a failed append can't be taken back, nothing is written any more") {
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

TEST_CASE_FIXTURE(Fixture, "a write error that no room will mend ends it, with nothing of the entry in the file") {
  open(entry(1));
  disk.room = 5;
  disk.write_error = EIO;
  diary->add(entry(2));
  CHECK_THROWS_AS(diary->commit(), Error);
  CHECK(contents() == entry(1));
}

TEST_CASE_FIXTURE(Fixture, "after a failed sync there is no answer, no second sync and no write") {
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
  CHECK_FALSE(diary->look());
  CHECK(disk.writes == writes);
  CHECK(disk.syncs == syncs);
  CHECK(diary->durable() == entry(1).size());
}

namespace {

/// Appends 20 entries, then the power goes. True if the disk has all that was said to be saved.
bool survives_power_cut(Fixture& fixture) {
  fixture.open();
  std::string acknowledged;
  for (int i = 0; i < 20; ++i) {
    if (fixture.append(entry(i)).saved) acknowledged += entry(i);
  }
  return fixture.disk.stable() == acknowledged;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what was saved survives a power cut") {
  CHECK(survives_power_cut(*this));
}

TEST_CASE_FIXTURE(Fixture, "without the sync a power cut loses what was called saved") {
  disk.pretends_to_sync = true;
  CHECK_FALSE(survives_power_cut(*this));
}

TEST_CASE_FIXTURE(Fixture, "an entry cut at any byte is moved aside and the next append succeeds") {
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
      CHECK(append(entry(3)).saved);
      CHECK(read_all() == mended + entry(3));
      if (rest != Rest::gone) continue;
      open();
      CHECK(read_all() == mended + entry(3));
      CHECK(kept("torn").empty());
    }
  }
}

TEST_CASE_FIXTURE(Fixture, "what the owner left at the end stays, and an entry begins after an empty line") {
  const std::pair<std::string, std::string> cases[] = {
      {"note", "\n\n"},
      {"note\n", "\n"},
      {"note\n\n", ""},
      {"\n", ""},
      {"", ""},
      {"\n\n\n", ""},
      {"a\r\n\r\n", "\n"},
      {"a\r\n", "\n"},
      {"n\xe4", "\n\n"},
      {"[todo", "\n\n"},
      {std::string("a\0b", 3), "\n\n"},
      {entry(0).substr(0, entry(0).size() - 1), "\n"},
  };
  for (const auto& [before, newlines] : cases) {
    const std::string& text = before;
    CAPTURE(text);
    open(text);
    CHECK(contents() == text + newlines);
    CHECK(append(entry(1)).saved);
    CHECK(contents() == text + newlines + entry(1));
    CHECK(kept("torn").empty());

    open(entry(0));
    append_by_hand(file, text);
    CHECK_FALSE(diary->look());
    CHECK(read_all() == entry(0) + text);
    const std::string added = text.empty() || text == "\n" ? "" : newlines;
    CHECK(diary->add(entry(1)) == entry(0).size() + text.size() + added.size());
    CHECK(diary->commit().saved);
    CHECK(contents() == entry(0) + text + added + entry(1));
    CHECK(reports.size() == (text.empty() ? 0 : 1));
  }
}

TEST_CASE_FIXTURE(Fixture, "damage in the middle is told and left alone") {
  const std::string damaged = entry(0) + std::string(100, '\0') + "\n\n" + entry(1);
  open(damaged);
  CHECK(contents() == damaged);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].find("left as it is") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "looking at a diary that nobody touched finds nothing") {
  open(entry(0));
  const int syncs = disk.syncs;
  CHECK_FALSE(diary->look());
  CHECK(append(entry(1)).saved);
  CHECK_FALSE(diary->look());
  CHECK(reports.empty());
  CHECK(disk.syncs == syncs + 1);
}

TEST_CASE_FIXTURE(Fixture, "a file that an editor put in place of the diary is the diary from then on") {
  open(entry(0));
  CHECK(append(entry(1)).saved);
  replace(file, "edited\n" + contents());
  CHECK(diary->look());
  CHECK(diary->durable() == contents().size());
  CHECK_FALSE(diary->look());
  CHECK(append(entry(2)).saved);
  CHECK(contents() == "edited\n" + entries(0, 3));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].find("replaced") != std::string::npos);
  CHECK(kept("missing").empty());
}

TEST_CASE_FIXTURE(Fixture, "a new file without an ending is not cut: the editor may still be writing it") {
  open(entry(0));
  const std::string half = entry(0) + entry(1).substr(0, 50);
  replace(file, half);
  CHECK(diary->look());
  CHECK(contents() == half);
  CHECK(append(entry(2)).saved);
  CHECK(contents() == half + "\n\n" + entry(2));
}

TEST_CASE_FIXTURE(Fixture, "entries saved while the editor was open and not in its file are kept") {
  open(entry(0));
  CHECK(append(entry(1)).saved);
  const std::string loaded = contents();
  CHECK(append(entry(2)).saved);
  CHECK(append(entry(3)).saved);
  replace(file, "edited\n" + loaded);
  CHECK(diary->look());
  CHECK(read_file(kept("missing")) == entries(2, 4));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].find(kept("missing")) != std::string::npos);
  // The next replacement is compared with the new file only.
  std::filesystem::remove(kept("missing"));
  replace(file, "");
  CHECK(diary->look());
  CHECK(kept("missing").empty());
}

TEST_CASE_FIXTURE(Fixture, "a diary that was removed is made again, and what was saved meanwhile is kept") {
  open(entry(0));
  CHECK(append(entry(1)).saved);
  std::filesystem::remove(file);
  CHECK(diary->look());
  CHECK(diary->durable() == 0);
  CHECK(read_file(kept("missing")) == entry(1));
  struct stat status {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(append(entry(2)).saved);
  CHECK(contents() == entry(2));
}

TEST_CASE_FIXTURE(Fixture, "after a cut the end is where it is now, and no gap is filled") {
  open(entries(0, 3));
  const std::uint64_t size = entry(0).size() + 20;
  std::filesystem::resize_file(file, size);
  CHECK(diary->look());
  CHECK(diary->durable() == size);
  CHECK(append(entry(4)).saved);
  CHECK(contents() == entries(0, 2).substr(0, size) + "\n\n" + entry(4));
  REQUIRE(reports.size() == 1);
  CHECK_FALSE(diary->look());
}

TEST_CASE_FIXTURE(Fixture, "a diary written anew in place is noticed, shorter or longer") {
  for (const std::string& next : {std::string("short\n"), "edited\n" + entries(0, 2), entries(5, 20)}) {
    CAPTURE(next);
    open(entries(0, 2));
    CHECK(append(entry(2)).saved);
    write_file(file, next);
    CHECK(diary->look());
    CHECK(diary->durable() == next.size());
    CHECK(reports.size() == 1);
  }
}

TEST_CASE_FIXTURE(Fixture, "the last entries that an editor wrote over in place are kept") {
  open(entry(0));
  CHECK(append(entry(1)).saved);
  const std::string loaded = contents();
  CHECK(append(entry(2)).saved);
  write_file(file, "edited\n" + loaded);
  CHECK(diary->look());
  CHECK(read_file(kept("missing")) == entry(2));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].find(kept("missing")) != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "of what was written over in place, the last 128 KiB are remembered in whole entries") {
  open();
  const std::string text(1000, 'x');
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    diary->add(entry(i, text));
    all += entry(i, text);
    if (i % 7 == 0) diary->commit();
  }
  CHECK(diary->commit().saved);
  write_file(file, "");
  CHECK(diary->look());
  const std::string missing = read_file(kept("missing"));
  CHECK(missing.size() > 126 * 1024);
  CHECK(missing.size() < 300 * 1024);
  CHECK(all.ends_with("\n\n" + missing));
}

TEST_CASE_FIXTURE(Fixture, "additions by hand are told once, until the next entry") {
  open(entry(0));
  for (int i = 0; i < 5; ++i) {
    append_by_hand(file, "note\n");
    CHECK_FALSE(diary->look());
  }
  CHECK(reports.size() == 1);
  CHECK(append(entry(1)).saved);
  append_by_hand(file, "note\n");
  CHECK_FALSE(diary->look());
  CHECK(reports.size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "what is written by hand between look and commit shifts the entry, and that is said") {
  open(entry(0));
  CHECK_FALSE(diary->look());
  const std::uint64_t at = diary->add(entry(1));
  append_by_hand(file, "note\n\n");
  const Diary::Commit commit = diary->commit();
  CHECK(commit.saved);
  CHECK(commit.shift == 6);
  CHECK(contents().substr(at + 6) == entry(1));
  CHECK(diary->durable() == contents().size());
  CHECK_FALSE(diary->look());
}

TEST_CASE_FIXTURE(Fixture, "a cut between look and commit is found by the next look") {
  open(entries(0, 2));
  CHECK_FALSE(diary->look());
  const std::uint64_t at = diary->add(entry(2));
  std::filesystem::resize_file(file, entry(0).size());
  const Diary::Commit commit = diary->commit();
  CHECK(commit.saved);
  CHECK(contents().substr(at + static_cast<std::uint64_t>(commit.shift)) == entry(2));
  CHECK(diary->look());
  CHECK_FALSE(diary->look());
}

TEST_CASE_FIXTURE(Fixture, "a failed append takes nothing of the owner's with it") {
  open(entry(0));
  diary->add(entry(1));
  append_by_hand(file, "note\n\n");
  disk.room = 5;
  CHECK_FALSE(diary->commit().saved);
  CHECK(contents() == entry(0) + "note\n\n");
}

TEST_CASE_FIXTURE(Fixture, "what can't be a diary is one clear error") {
  std::filesystem::create_directory(file);
  CHECK(error_of_open() == "cannot open diary '" + file + "': Is a directory");
  std::filesystem::remove(file);
  REQUIRE(mkfifo(file.c_str(), 0600) == 0);
  CHECK(error_of_open() == "cannot open diary '" + file + "': not a regular file");
  std::filesystem::remove(file);
  file = sandbox.path("no folder/diary");
  CHECK(error_of_open().find("No such file or directory") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a diary without permission is one clear error") {
  write_file(file, "");
  REQUIRE(chmod(file.c_str(), 0400) == 0);
  REQUIRE(chmod(sandbox.folder().c_str(), 0777) == 0);
  const int status = in_child([&] {
    // The file keeps its owner: whoever runs this, as root or not, may only read it.
    if (getuid() == 0 && setuid(65534) != 0) return 1;
    return error_of_open() == "cannot open diary '" + file + "': Permission denied" ? 0 : 2;
  });
  CHECK(status == 0);
}

TEST_CASE_FIXTURE(Fixture, "a directory in place of a diary that was open ends the server with an error") {
  open(entry(0));
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  CHECK_THROWS_AS(diary->look(), Error);
}

TEST_CASE_FIXTURE(Fixture, "a symbolic link is followed, and lock and kept text lie beside the link") {
  std::filesystem::create_directory(sandbox.path("elsewhere"));
  const std::string real = sandbox.path("elsewhere/real");
  std::filesystem::create_symlink(real, file);
  open();
  CHECK(append(entry(0)).saved);
  CHECK(read_file(real) == entry(0));
  CHECK(std::filesystem::is_symlink(file));
  CHECK(std::filesystem::exists(file + ".lock"));
  diary.reset();
  append_by_hand(real, entry(1).substr(0, 20));
  open();
  CHECK(read_file(kept("torn")) == entry(1).substr(0, 20));
}

TEST_CASE_FIXTURE(Fixture, "at no fault does a byte before the durable offset change") {
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
        diary->look();
        for (unsigned i = 0; i <= random() % 3; ++i) diary->add(entry(static_cast<int>(random() % 1'000'000)));
        if (!diary->commit().saved) ++faults;
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
    for (const auto& item : std::filesystem::directory_iterator(sandbox.folder())) {
      if (item.path().filename().string().starts_with("diary.torn.")) std::filesystem::remove(item.path());
    }
  }
  CHECK(faults > 60);
}

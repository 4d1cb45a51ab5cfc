#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/os/error.h"
#include "server/diary/diary.h"
#include "tests/support/entries.h"
#include "tests/support/fake_disk.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace md2::test {

/// A clock that moves only when a test moves it.
struct StillClock : Clock {
  Steady steady() override { return steady_now; }
  Steady steady_now{std::chrono::hours(1)};
};

/// A diary on a fake disk, in a folder of its own.
struct DiaryFixture {
  TemporaryFolder folder;
  std::string file = folder.path("diary");
  FakeDisk disk;
  UseDisk use{disk};
  std::vector<std::string> reports;
  StillClock clock;
  std::optional<Diary> diary;

  Diary& open() {
    diary.reset();
    const auto report = [this](const std::string& line) { reports.push_back(line); };
    return diary.emplace(file, report, clock);
  }

  Diary& open(const std::string& contents) {
    diary.reset();
    reports.clear();
    std::filesystem::remove(file + ".ring");  // of another diary
    write_file(file, contents);
    return open();
  }

  /// True when the owner has done more than add to the end.
  bool changed() { return diary->check_for_changes() == Diary::Change::text; }

  /// Appends one entry in a turn of its own. Checks that its header stands where add() said.
  Commit append(const std::string& encoded) {
    const std::uint64_t at = diary->add(encoded);
    Commit commit = diary->commit();
    if (commit.saved()) {
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
    for (const auto& item : std::filesystem::directory_iterator(folder.path())) {
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

}  // namespace md2::test

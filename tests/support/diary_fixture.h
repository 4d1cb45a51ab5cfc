#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "common/diary/entry.h"
#include "common/os/error.h"
#include "server/diary/diary.h"
#include "tests/support/deadline.h"
#include "tests/support/fake_disk.h"
#include "tests/support/sandbox.h"

namespace md2::test {

inline std::string entry(int number, const std::string& text = "八荣八耻\n[第二行\n\n末行") {
  return encode({{1'446'038'763'417'293 + number, 480}, text});
}

inline std::string entries(int begin, int end) {
  std::string all;
  for (int i = begin; i < end; ++i) all += entry(i);
  return all;
}

inline void append_by_hand(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::app) << bytes;
}

/// As vim does it: a new file is written and takes the name.
inline void replace(const std::string& path, const std::string& contents) {
  write_file(path + "~", contents);
  REQUIRE(::rename((path + "~").c_str(), path.c_str()) == 0);
}

/// A diary on a fake disk, in a folder of its own.
struct DiaryFixture {
  Sandbox sandbox;
  std::string file = sandbox.path("diary");
  FakeDisk disk;
  std::vector<std::string> reports;
  std::optional<Diary> diary;

  Diary& open() {
    diary.reset();
    const auto report = [this](const std::string& line) { reports.push_back(line); };
    return diary.emplace(file, report, disk);
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
    Diary::Commit commit = diary->commit();
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

}  // namespace md2::test

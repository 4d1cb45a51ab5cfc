#pragma once

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "client/outbox/outbox.h"
#include "common/diary/entry.h"
#include "tests/support/deadline.h"

namespace md2::test {

inline constexpr const char* outbox_server = "127.0.0.1:5000";

/// A temporary folder for outboxes.
struct OutboxFolder {
  OutboxFolder() {
    char name[] = "/tmp/md2-outbox-XXXXXX";
    path = mkdtemp(name);
  }
  OutboxFolder(const OutboxFolder&) = delete;
  OutboxFolder& operator=(const OutboxFolder&) = delete;
  ~OutboxFolder() { std::filesystem::remove_all(path); }

  /// The outboxes in it.
  std::vector<std::string> files() const {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator(path)) {
      if (file.path().extension() == ".outbox") found.push_back(file.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  /// What the files with `part` in their names hold.
  std::vector<std::string> contents(const std::string& part) const {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator(path)) {
      if (file.path().string().find(part) != std::string::npos) found.push_back(read_file(file.path()));
    }
    return found;
  }

  /// The name of an outbox for outbox_server that a client which died has left; a greater `day` is a later one.
  std::string left(int day = 1) const {
    return path + "/127.0.0.1_5000@2015100" + std::to_string(day) + "T132603.417293-4711.outbox";
  }

  std::string path;
};

/// Different entries for different numbers.
inline std::string numbered_entry(int number) {
  return encode({{1'445'000'000'000'000 + number, 480}, "第 " + std::to_string(number) + " 条\n第二行"});
}

inline std::vector<std::string> numbered_entries(int from, int to) {
  std::vector<std::string> out;
  for (int i = from; i < to; ++i) out.push_back(numbered_entry(i));
  return out;
}

inline std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += part;
  return out;
}

/// All that waits, in the order of sending.
inline std::vector<std::string> content(const Outbox& outbox) {
  std::vector<std::string> out;
  for (auto item = outbox.get(0); item; item = outbox.get(item->id + 1)) out.push_back(item->encoded);
  return out;
}

}  // namespace md2::test

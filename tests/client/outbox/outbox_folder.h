#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "client/outbox/outbox.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace md2::test {

inline constexpr const char* outbox_server = "127.0.0.1:5000";

/// A temporary folder for outboxes.
class OutboxFolder {
 public:
  const std::string& path() const { return folder_.path(); }
  std::string path(std::string_view name) const { return folder_.path(name); }

  /// The outboxes in it.
  std::vector<std::string> files() const {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator(path())) {
      if (file.path().extension() == ".outbox") found.push_back(file.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  /// What the files with `part` in their names hold.
  std::vector<std::string> contents(const std::string& part) const {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator(path())) {
      if (file.path().string().find(part) != std::string::npos) found.push_back(read_file(file.path()));
    }
    return found;
  }

  /// The name of an outbox for outbox_server that a client which died has left; a greater `day` is a later one.
  std::string left(int day = 1) const {
    return path("127.0.0.1_5000@2015100" + std::to_string(day) + "T132603.417293-4711.outbox");
  }

 private:
  TemporaryFolder folder_;
};

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

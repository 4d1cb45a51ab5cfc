#include "server/diary/diary_lock.h"

#include <fmt/format.h>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"

namespace md2 {
namespace {

void put(int file, std::uint64_t offset, std::string_view bytes, const std::string& path) {
  if (write_all_at(file, offset, bytes) != bytes.size()) throw_errno(fmt::format("cannot write lock file '{}'", path));
}

}  // namespace

DiaryLock::DiaryLock(const std::string& diary) : path_(diary + ".lock"), file_(lock_file(path_, Wait::briefly)) {
  if (!file_) {
    const auto line = read_small_file({"lock file", path_}, being_purged.size());
    const std::string use = line == being_purged ? "being purged" : "in use by another md2server";
    throw Error(fmt::format("diary '{}' is {}", diary, use));
  }
  if (size_of(file_.get(), {"lock file", path_}) == 0) return;
  if (write_all_at(file_.get(), 0, "\n") == 1 || disk().ftruncate(file_.get(), 0) == 0) return;
  throw_errno(fmt::format("cannot empty lock file '{}'", path_));
}

void DiaryLock::serve_at(const std::string& address) {
  const std::string line = address + "\n";
  put(file_.get(), 1, line.substr(1), path_);
  if (disk().ftruncate(file_.get(), line.size()) != 0) throw_errno(fmt::format("cannot cut lock file '{}'", path_));
  put(file_.get(), 0, line.substr(0, 1), path_);
}

}  // namespace md2

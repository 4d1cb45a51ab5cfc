#include "server/diary/diary_lock.h"

#include <fmt/format.h>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"

namespace md2 {
namespace {

void put(int file, std::uint64_t offset, std::string_view bytes, const std::string& path) {
  if (write_all_at(file, offset, bytes) != bytes.size()) throw_errno(tr("cannot write lock file '{}'", path));
}

}  // namespace

DiaryLock::DiaryLock(const std::string& diary) : path_(diary + ".lock"), file_(lock_file(path_, Wait::briefly)) {
  if (!file_) {
    const auto line = read_small_file({tr_later("lock file"), path_}, being_purged.size());
    throw Error(line == being_purged ? tr("diary '{}' is being purged", diary)
                                     : tr("diary '{}' is in use by another md2server", diary));
  }
  if (write_all_at(file_.get(), 0, "\n") == 1 || disk().ftruncate(file_.get(), 0) == 0) return;
  throw_errno(tr("cannot empty lock file '{}'", path_));
}

void DiaryLock::serve_at(const std::string& address) {
  const std::string line = address + "\n";
  put(file_.get(), 1, line.substr(1), path_);
  if (disk().ftruncate(file_.get(), line.size()) != 0) throw_errno(tr("cannot cut lock file '{}'", path_));
  put(file_.get(), 0, line.substr(0, 1), path_);
}

void DiaryLock::serve_nowhere() {
  (void)write_all_at(file_.get(), 0, "\n");
}

}  // namespace md2

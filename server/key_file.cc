#include "server/key_file.h"

#include "common/net/diary_keys.h"
#include "common/net/keys.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "server/diary/whereabouts.h"

namespace md2 {

void take_over_keys(const std::string& diary, const std::string& keys) {
  Disk::Status status = {};
  const std::string real = disk().real_path(diary);
  if (disk().lstat(real + ".id", status) == 0) return;
  for (const std::string& before : noted_places(diary)) {
    if (disk().lstat(before + ".id", status) == 0) return bring_keys(before, real);
  }
  if (disk().stat(real, status) != 0 || status.st_size == 0) return;
  copy_keys(default_key_file(), keys);
}

void bring_keys(const std::string& from, const std::string& to) {
  const std::string old = key_file_at(from);
  const std::string keys = key_file_at(to);
  Disk::Status status = {};
  if (old == keys || disk().lstat(old, status) != 0) return;
  if (old == default_key_file() || keys == default_key_file()) return copy_keys(old, keys);
  if (disk().rename(old, keys) != 0) throw_errno(tr("cannot replace '{}'", keys));
  sync_folder_of(keys);
}

}  // namespace md2

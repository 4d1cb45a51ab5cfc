#include "server/key_file.h"

#include "common/net/diary_keys.h"
#include "common/net/keys.h"
#include "common/os/disk.h"
#include "server/diary/place.h"

namespace md2 {

void take_over_keys(const std::string& diary, const std::string& keys) {
  Disk::Status status = {};
  const std::string real = disk().real_path(diary);
  if (disk().lstat(real + ".id", status) == 0) return;
  for (const std::string& before : noted_places(diary)) {
    if (disk().lstat(before + ".id", status) == 0) return copy_keys(key_file_at(before), keys);
  }
  if (disk().stat(real, status) != 0 || status.st_size == 0) return;
  copy_keys(default_key_file(), keys);
}

}  // namespace md2

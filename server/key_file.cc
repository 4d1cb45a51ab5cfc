#include "server/key_file.h"

#include "common/net/keys.h"
#include "common/os/disk.h"

namespace md2 {

void take_over_keys(const std::string& diary, const std::string& keys) {
  Disk::Status status = {};
  const std::string path = disk().real_path(diary);
  if (disk().lstat(path + ".id", status) == 0) return;
  if (disk().stat(path, status) != 0 || status.st_size == 0) return;
  copy_keys(default_key_file(), keys);
}

}  // namespace md2

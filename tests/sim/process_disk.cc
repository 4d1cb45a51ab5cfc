#include "tests/sim/process_disk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <exception>

namespace md2::sim {

void ProcessDisk::die() {
  dead_ = true;
  files_.end_process(process_);
}

/// False: the process is dead, and the call must do nothing.
bool ProcessDisk::enter(Call call, bool within, bool may_throw) {
  if (!dead_ && world_.between_calls(process_, call, within)) die();
  if (!dead_) return true;
  if (may_throw && !quiet_ && std::uncaught_exceptions() == 0) throw Killed{};
  errno = EIO;
  return false;
}

int ProcessDisk::open(Path path, int flags, mode_t mode) {
  (void)mode;
  return enter(Call::open) ? files_.open(process_, path, flags) : -1;
}

ssize_t ProcessDisk::read(int fd, std::uint64_t offset, char* to, std::size_t size) {
  if (!enter(Call::read)) return -1;
  const Files::Descriptor* const open = files_.descriptor(fd);
  if (open == nullptr) {
    errno = EBADF;
    return -1;
  }
  const Marked& all = open->inode->now;
  if (offset >= all.size()) return 0;
  size = std::min(size, all.size() - static_cast<std::size_t>(offset));
  const std::size_t there = offset < all.bytes.size() ? std::min(size, all.bytes.size() - offset) : 0;
  std::copy_n(all.bytes.data() + offset, there, to);
  std::fill_n(to + there, size - there, '\0');
  return static_cast<ssize_t>(size);
}

ssize_t ProcessDisk::write(int fd, std::string_view bytes) {
  if (!enter(Call::write)) return -1;
  return files_.write(fd, bytes.substr(0, world_.written_at_once(process_, bytes.size())), author::md2);
}

ssize_t ProcessDisk::write_at(int fd, std::uint64_t offset, std::string_view bytes) {
  if (!enter(Call::write)) return -1;
  bytes = bytes.substr(0, world_.written_at_once(process_, bytes.size()));
  return files_.write_at(fd, offset, bytes, author::md2);
}

std::string ProcessDisk::boot_id() {
  return fmt::format("boot {}", files_.boots);
}

/// The same in each run of a seed: what is named by it is found in the same order.
int ProcessDisk::entropy(char* to, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    files_.entropy = files_.entropy * 6364136223846793005 + 1442695040888963407;  // Knuth's
    to[i] = static_cast<char>(files_.entropy >> 56);
  }
  return 0;
}

off_t ProcessDisk::position(int fd) {
  const Files::Descriptor* const open = files_.descriptor(fd);
  return open == nullptr ? -1 : static_cast<off_t>(open->position);
}

int ProcessDisk::sync(int fd, Call call) {
  if (!enter(call)) return -1;
  if (world_.sync_fails(process_)) return files_.fail_sync(fd);
  if (!world_.sync_lies(process_) && files_.sync(fd) != 0) return -1;
  return enter(call, true) ? 0 : -1;
}

int ProcessDisk::ftruncate(int fd, std::uint64_t size) {
  if (!enter(Call::ftruncate)) return -1;
  if (const Files::Descriptor* const open = files_.descriptor(fd)) world_.cutting(process_, *open->inode, size);
  return files_.cut(fd, size);
}

int ProcessDisk::flock(int fd, int operation) {
  return enter(Call::flock) ? files_.lock(fd, operation) : -1;
}

void ProcessDisk::close(int fd) {
  if (!Files::is_simulated(fd)) return Disk::close(fd);  // a pipe of Exchange
  files_.close(fd);
}

int ProcessDisk::reserve(int fd, std::uint64_t offset, std::uint64_t size) {
  return enter(Call::reserve) ? files_.reserve(fd, offset + size) : -1;
}

std::uint64_t ProcessDisk::end_of_data(int fd) {
  const Files::Descriptor* const open = files_.descriptor(fd);
  return open == nullptr ? 0 : open->inode->now.bytes.size();
}

void ProcessDisk::forget(int fd, std::uint64_t offset) {
  (void)offset;
  if (dead_) return;
  files_.forget(fd);
  world_.pages_lost();
}

int ProcessDisk::stat(int fd, Status& status) {
  if (!enter(Call::stat)) return -1;
  const Files::Descriptor* const open = files_.descriptor(fd);
  if (open == nullptr) {
    errno = EBADF;
    return -1;
  }
  return files_.status(open->inode.get(), status);
}

int ProcessDisk::stat(Path path, Status& status) {
  return enter(Call::stat) ? files_.status(files_.find(path).get(), status) : -1;
}

int ProcessDisk::lstat(Path path, Status& status) {
  return enter(Call::stat) ? files_.status(files_.find_name(path).get(), status) : -1;
}

int ProcessDisk::link(Path from, Path to) {
  return enter(Call::name) ? files_.link(from, to) : -1;
}

int ProcessDisk::rename(Path from, Path to) {
  return enter(Call::name) ? files_.rename(from, to) : -1;
}

int ProcessDisk::rename_new(Path from, Path to) {
  if (!enter(Call::name)) return -1;
  if (!files_.find_name(to)) return files_.rename(from, to);
  errno = EEXIST;
  return -1;
}

/// Destructors call it as well (NewFile), so a death here shows at the next call.
int ProcessDisk::unlink(Path path) {
  return enter(Call::name, false, false) ? files_.unlink(path) : -1;
}

int ProcessDisk::mkdir(Path path, mode_t mode) {
  (void)mode;
  return enter(Call::name) ? files_.mkdir(path) : -1;
}

int ProcessDisk::names_in(Path folder, std::vector<std::string>& names) {
  if (!enter(Call::name)) return -1;
  for (std::string& name : files_.names_in(folder)) names.push_back(std::move(name));
  return 0;
}

}  // namespace md2::sim

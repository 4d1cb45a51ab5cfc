#include "server/diary/correction_file.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"

namespace md2 {
namespace {

constexpr std::uint64_t texts_at = 4096;
constexpr std::size_t block = std::size_t{64} << 10;
constexpr std::array<char, 16> name{'m', 'd', '2', ' ', 'c', 'o', 'r', 'r', 'e', 'c', 't', 'i', 'o', 'n', ' ', '1'};
constexpr std::uint64_t seed = 0xcbf29ce484222325U;

std::uint64_t nanoseconds(const timespec& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(time.tv_nsec);
}

/// FNV-1a in 64 bits, of bytes that come in pieces of any size.
std::uint64_t hash_on(std::uint64_t hash, std::string_view bytes) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  return hash;
}

/// The same eight bytes at a time, of pieces that are the same each time.
std::uint64_t quick_hash_on(std::uint64_t hash, std::string_view bytes) {
  for (; bytes.size() >= sizeof hash; bytes.remove_prefix(sizeof hash)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 29U;
  }
  return hash_on(hash, bytes);
}

std::uint64_t boot() {
  return hash_on(seed, disk().boot_id());
}

}  // namespace

struct CorrectionFile::Head {
  std::array<char, 16> format = name;
  std::uint64_t device = 0, inode = 0, diary_size = 0, modified = 0, changed = 0;
  std::uint64_t boot = 0;
  std::uint64_t texts = 0, texts_hash = seed;
  std::uint64_t list = 0, list_hash = seed;
  std::uint64_t head_hash = 0;

  static Head of(const struct stat& diary) {
    Head head;
    head.device = static_cast<std::uint64_t>(diary.st_dev);
    head.inode = static_cast<std::uint64_t>(diary.st_ino);
    head.diary_size = static_cast<std::uint64_t>(diary.st_size);
    head.modified = nanoseconds(diary.st_mtim);
    head.changed = nanoseconds(diary.st_ctim);
    return head;
  }

  std::string_view bytes() const { return {reinterpret_cast<const char*>(this), sizeof *this}; }
  std::uint64_t own_hash() const { return hash_on(seed, bytes().substr(0, bytes().size() - sizeof head_hash)); }
  bool is_of(const Head& other) const {
    return format == name && device == other.device && inode == other.inode && diary_size == other.diary_size &&
           modified == other.modified && changed == other.changed && head_hash == own_hash();
  }
};

bool CorrectionFile::take_up(const struct stat& diary, const std::function<bool(const Source&)>& read_list) {
  fd_.reset(disk().open(path_, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd_) return false;
  Head head;
  struct stat status = {};
  try {
    const bool ours = disk().stat(fd_.get(), status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0077U) == 0;
    const bool whole =
        ours && read_at(fd_.get(), 0, reinterpret_cast<char*>(&head), sizeof head, {path_, {}}) == sizeof head;
    if (whole && head.is_of(Head::of(diary)) && texts_are_whole(head) && take_up_list(head, read_list)) {
      size_ = head.texts;
      hash_ = head.texts_hash;
      // From now on a kill leaves what is worth nothing.
      if (write(0, std::string(sizeof head, '\0')) && disk().ftruncate(fd_.get(), texts_at + size_) == 0) {
        flush();
        return usable();
      }
    }
  } catch (const Error&) {  // that it can't be read is as if it were not there
  }
  remove();
  return false;
}

bool CorrectionFile::texts_are_whole(const Head& head) {
  if (head.boot == boot()) return true;
  std::vector<char> bytes(block);
  std::uint64_t hash = seed;
  for (std::uint64_t at = 0; at < head.texts;) {
    const std::size_t size = std::min<std::uint64_t>(block, head.texts - at);
    if (read_at(fd_.get(), texts_at + at, bytes.data(), size, {path_, {}}) != size) return false;
    hash = hash_on(hash, {bytes.data(), size});
    at += size;
  }
  return hash == head.texts_hash;
}

bool CorrectionFile::take_up_list(const Head& head, const std::function<bool(const Source&)>& read_list) {
  std::uint64_t at = 0;
  std::uint64_t hash = seed;
  const Source source = [&](char* to, std::size_t size) {
    if (size > head.list - at || read_at(fd_.get(), texts_at + head.texts + at, to, size, {path_, {}}) != size)
      return false;
    hash = quick_hash_on(hash, {to, size});
    at += size;
    return true;
  };
  return read_list(source) && at == head.list && hash == head.list_hash;
}

void CorrectionFile::add(std::string_view item) {
  if (failed_) return;
  pending_ += item;
  size_ += item.size();
  hash_ = hash_on(size_ == item.size() ? seed : hash_, item);
  if (pending_.size() >= block) flush();
}

void CorrectionFile::flush() {
  if (failed_) return;
  if (!pending_.empty()) {
    if ((!fd_ && !make()) || !write(texts_at + size_ - pending_.size(), pending_)) return fail();
    pending_.clear();
  }
  struct stat status = {};
  if (fd_ && disk().stat(fd_.get(), status) != 0) return fail();
  changed_ = nanoseconds(status.st_mtim);
}

bool CorrectionFile::make() {
  disk().unlink(path_);
  fd_.reset(disk().open(path_, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  return static_cast<bool>(fd_);
}

bool CorrectionFile::write(std::uint64_t at, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = disk().write_at(fd_.get(), at, bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += static_cast<std::uint64_t>(count);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void CorrectionFile::fail() {
  remove();
  failed_ = true;
}

void CorrectionFile::remove() {
  if (fd_) disk().ftruncate(fd_.get(), 0);  // somebody may have made a link of it
  disk().unlink(path_);
  fd_.reset();
  pending_.clear();
  size_ = 0;
}

void CorrectionFile::clear() {
  if (fd_) remove();
  pending_.clear();
  size_ = 0;
  failed_ = false;
}

bool CorrectionFile::untouched() const {
  if (!fd_) return true;
  struct stat status = {};
  return disk().stat(fd_.get(), status) == 0 && nanoseconds(status.st_mtim) == changed_;
}

std::size_t CorrectionFile::read(std::uint64_t offset, char* to, std::size_t size) {
  std::size_t count = 0;
  try {
    if (fd_) count = read_at(fd_.get(), texts_at + offset, to, size, {path_, {}});
  } catch (const Error&) {  // as if it had none
  }
  if (count < std::min<std::uint64_t>(size, size_ - std::min(size_, offset))) fail();
  return count;
}

void CorrectionFile::keep(const struct stat& diary, const std::function<void(const Sink&)>& write_list) {
  flush();
  if (failed_ || (!fd_ && !make())) return;
  Head head = Head::of(diary);
  head.boot = boot();
  head.texts = size_;
  head.texts_hash = size_ == 0 ? seed : hash_;
  bool written = true;
  write_list([&](std::string_view bytes) {
    written = written && write(texts_at + head.texts + head.list, bytes);
    head.list_hash = quick_hash_on(head.list_hash, bytes);
    head.list += bytes.size();
  });
  head.head_hash = head.own_hash();
  if (!written || !write(0, head.bytes())) remove();
}

}  // namespace md2

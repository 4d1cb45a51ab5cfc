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
constexpr std::array<char, 16> format_name{'m', 'd', '2', ' ', 'c', 'o', 'r', 'r',
                                           'e', 'c', 't', 'i', 'o', 'n', ' ', '1'};

}  // namespace

struct CorrectionFile::Head {
  std::array<char, 16> format = format_name;
  std::uint64_t device = 0, inode = 0, diary_size = 0, modified = 0, changed = 0;
  std::uint64_t texts = 0, texts_checksum = 0;
  std::uint64_t list = 0, list_checksum = 0;
  std::uint64_t checksum = 0;  ///< of what stands before it

  static Head of(const struct stat& diary) {
    Head head;
    head.device = static_cast<std::uint64_t>(diary.st_dev);
    head.inode = static_cast<std::uint64_t>(diary.st_ino);
    head.diary_size = static_cast<std::uint64_t>(diary.st_size);
    head.modified = static_cast<std::uint64_t>(nanoseconds(diary.st_mtim));
    head.changed = static_cast<std::uint64_t>(nanoseconds(diary.st_ctim));
    return head;
  }

  std::string_view bytes() const { return {reinterpret_cast<const char*>(this), sizeof *this}; }
  std::uint64_t own_checksum() const {
    Checksum sum;
    sum.add(bytes().substr(0, bytes().size() - sizeof checksum));
    return sum.value();
  }
  bool is_of(const Head& other) const {
    return format == format_name && device == other.device && inode == other.inode && diary_size == other.diary_size &&
           modified == other.modified && changed == other.changed && checksum == own_checksum();
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
    if (whole && head.is_of(Head::of(diary)) && take_up_texts(head) && take_up_list(head, read_list)) {
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

bool CorrectionFile::take_up_texts(const Head& head) {
  std::vector<char> bytes(block);
  checksum_ = {};
  for (size_ = 0; size_ < head.texts;) {
    const std::size_t size = std::min<std::uint64_t>(block, head.texts - size_);
    if (read_at(fd_.get(), texts_at + size_, bytes.data(), size, {path_, {}}) != size) return false;
    checksum_.add({bytes.data(), size});
    size_ += size;
  }
  return checksum_.value() == head.texts_checksum;
}

bool CorrectionFile::take_up_list(const Head& head, const std::function<bool(const Source&)>& read_list) {
  std::uint64_t at = 0;
  Checksum sum;
  const Source source = [&](char* to, std::size_t size) {
    if (size > head.list - at || read_at(fd_.get(), texts_at + head.texts + at, to, size, {path_, {}}) != size)
      return false;
    sum.add({to, size});
    at += size;
    return true;
  };
  return read_list(source) && at == head.list && sum.value() == head.list_checksum;
}

void CorrectionFile::add(std::string_view item) {
  if (failed_) return;
  pending_ += item;
  size_ += item.size();
  checksum_.add(item);
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
  checksum_ = {};
}

void CorrectionFile::clear() {
  if (fd_ || !pending_.empty()) remove();
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
  head.texts = size_;
  head.texts_checksum = checksum_.value();
  Checksum sum;
  bool written = true;
  write_list([&](std::string_view bytes) {
    written = written && write(texts_at + head.texts + head.list, bytes);
    sum.add(bytes);
    head.list += bytes.size();
  });
  head.list_checksum = sum.value();
  head.checksum = head.own_checksum();
  if (!written || !write(0, head.bytes())) remove();
}

}  // namespace md2

#include "server/diary/diary.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/side_file.h"
#include "server/diary/missing.h"
#include "server/diary/torn_end.h"

namespace md2 {
namespace {

constexpr std::size_t tail_length = 64;                // a header and a bit of text: enough to know the place again
constexpr std::uint64_t distrusted_length = 64 << 20;  // of the end at start: more than one turn ever appends
constexpr std::size_t kept_capacity = std::size_t{256} << 10;  // of the batch, from turn to turn
constexpr std::size_t recent_length = std::size_t{128} << 10;  // at least so much of what was appended is remembered

void to_stderr(const std::string& line) {
  fmt::print(stderr, "{}\n", line);
}

/// Where the file really lies when `path` is a symbolic link.
std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? real.get() : path;
}

}  // namespace

Diary::Diary(std::string path, Report report, Disk& disk)
    : path_(std::move(path)), report_(report ? std::move(report) : to_stderr), disk_(disk) {
  lock_ = try_lock(path_ + ".lock");
  if (!lock_) throw Error(fmt::format("diary '{}' is in use by another md2server", path_));
  adopt(open_file());
  // Pages that an fdatasync of another process failed to write count as clean: only the disk knows. The rest of a large
  // diary stays in memory for the first search.
  const std::uint64_t distrusted = durable_ - std::min(durable_, distrusted_length);
  posix_fadvise(file_.fd.get(), static_cast<off_t>(distrusted), 0, POSIX_FADV_DONTNEED);
  check_end();
  tail_ = read_tail();
  mend();
}

Diary::File Diary::open_file() const {
  constexpr int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY;
  File file{UniqueFd(::open(path_.c_str(), flags))};
  const bool make = !file.fd && errno == ENOENT;
  if (make) file.fd.reset(::open(path_.c_str(), flags | O_CREAT, 0600));
  struct stat status = {};
  if (!file.fd || fstat(file.fd.get(), &status) != 0) throw_errno(fmt::format("cannot open diary '{}'", path_));
  if (!S_ISREG(status.st_mode)) throw Error(fmt::format("cannot open diary '{}': not a regular file", path_));
  if (flock(file.fd.get(), LOCK_EX | LOCK_NB) != 0) {
    throw Error(fmt::format("diary '{}' is in use by another program that locked it", path_));
  }
  // The name as well: an editor, or a server that died, may have made it and not synced it.
  if (fsync(file.fd.get()) != 0) throw_errno(fmt::format("cannot sync diary '{}'", path_));
  sync_folder_of(real_path(path_));
  file.device = status.st_dev;
  file.inode = status.st_ino;
  return file;
}

void Diary::adopt(File file) {
  file_ = std::move(file);
  sync();
  struct stat status = {};
  if (fstat(file_.fd.get(), &status) != 0) throw_errno(fmt::format("cannot look at diary '{}'", path_));
  durable_ = first_append_ = static_cast<std::uint64_t>(status.st_size);
  tail_ = read_tail();
  index_.begin_at(durable_);
}

void Diary::check_end() {
  const FileEnd end = look_at_end(file_.fd.get());
  if (end.damage) {
    report_(fmt::format("diary '{}' holds NUL bytes or broken UTF-8 near byte {}; it was left as it is", path_,
                        *end.damage));
  }
  if (!end.torn) return;
  SideFile aside(path_, "torn");
  aside.append_from(file_.fd.get(), *end.torn, end.size);
  aside.keep();
  cut_to(*end.torn, "an incomplete entry at its end");
  sync();
  durable_ = first_append_ = *end.torn;
  index_.begin_at(durable_);
  report_(
      fmt::format("diary '{}' ended in {} bytes of an entry that was being written when the server or the machine "
                  "stopped; they are now in '{}', and everything before them is as it was",
                  path_, end.size - *end.torn, aside.name()));
}

/// Gives a file its last empty line, so that who reads it sees the last entry end. The next append would do it as well.
void Diary::mend() {
  batch_ = missing_newlines();
  commit();
}

std::size_t Diary::read(std::uint64_t offset, char* to, std::size_t size) const {
  if (offset >= durable_) return 0;
  const auto count = read_at(file_.fd.get(), offset, to, std::min<std::uint64_t>(size, durable_ - offset));
  if (count < 0) throw_errno(fmt::format("cannot read diary '{}'", path_));
  return static_cast<std::size_t>(count);
}

bool Diary::look() {
  if (!broken_.empty() || !batch_.empty()) return false;
  struct stat status = {};
  const bool removed = stat(path_.c_str(), &status) != 0;
  if (removed && errno != ENOENT) throw_errno(fmt::format("cannot look at diary '{}'", path_));
  if (removed || status.st_dev != file_.device || status.st_ino != file_.inode) {
    replaced(removed);
    return true;
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size == durable_ && !cut_) return false;
  return resized(size);
}

/// No end is cut off here, as at the start: the editor may not be done with writing it.
void Diary::replaced(bool removed) {
  File next = open_file();
  const File old = std::move(file_);
  const std::uint64_t begin = first_append_;
  const std::uint64_t end = durable_;
  adopt(std::move(next));
  report_(fmt::format("diary '{}' was {} ({} bytes)", path_,
                      removed ? "removed; a new one was made" : "replaced; going on with the new file", durable_) +
          missing_from(old.fd.get(), begin, end));
  recent_.clear();
  cut_ = added_to_ = false;
}

/// Keeps what `fd` holds from `begin` to before `end` and the diary lacks. Returns the end of a report.
std::string Diary::missing_from(int fd, std::uint64_t begin, std::uint64_t end) const {
  try {
    const Missing missing = keep_missing(path_, fd, begin, end, file_.fd.get());
    if (missing.entries == 0) return {};
    return fmt::format("; entries that were saved before and that it lacks: {}, now in '{}'", missing.entries,
                       missing.file);
  } catch (const Error& error) {
    return fmt::format("; entries that were saved before and that it may lack could not be kept: {}", error.what());
  }
}

/// Returns true when not only something was added to the end.
bool Diary::resized(std::uint64_t size) {
  sync();
  const std::uint64_t before = std::exchange(durable_, size);
  index_.begin_at(size);
  const bool grown = !std::exchange(cut_, false) && size > before;
  std::string place(tail_.size(), '\0');
  const bool same = grown && read(before - tail_.size(), place.data(), place.size()) == place.size() && place == tail_;
  tail_ = read_tail();
  if (same) {
    // Once is enough: another program may add a line each second.
    if (!std::exchange(added_to_, true))
      report_(fmt::format("{} bytes were added to diary '{}' by hand", size - before, path_));
    return false;
  }
  first_append_ = grown ? size : std::min(first_append_, size);
  report_(fmt::format("diary '{}' was cut or written anew by hand: it had {} bytes and now has {}; going on at its end",
                      path_, before, size) +
          missing_recent());
  return true;
}

/// What was written over can't be read any more, but the last entries are remembered. Returns the end of a report.
std::string Diary::missing_recent() {
  const std::string recent = std::exchange(recent_, {});
  if (recent.empty()) return {};
  const UniqueFd fd(memfd_create("md2", MFD_CLOEXEC));
  if (write_all(fd.get(), recent) != recent.size()) return with_errno("; what it lacks could not be found out");
  return missing_from(fd.get(), 0, recent.size());
}

/// Keeps the batch in mind, whole entries, for missing_recent().
void Diary::remember_batch() {
  recent_ += batch_;
  if (recent_.size() < 2 * recent_length) return;
  const std::size_t end = recent_.find("\n\n", recent_.size() - recent_length);
  recent_.erase(0, end == std::string::npos ? end : end + 2);
  if (recent_.capacity() > 4 * recent_length) recent_.shrink_to_fit();
}

std::uint64_t Diary::add(std::string_view encoded) {
  if (batch_.empty()) batch_ = missing_newlines();
  const std::uint64_t offset = durable_ + batch_.size();
  batch_ += encoded;
  index_.add(offset, encoded);
  return offset;
}

Diary::Commit Diary::commit() {
  if (!broken_.empty()) throw Error(broken_);
  if (batch_.empty()) return {};
  const std::size_t written = write_batch();
  const int error = errno;
  // With O_APPEND only the position after the write tells where it went. Nothing written leaves the position as it was.
  const off_t position = written > 0 ? lseek(file_.fd.get(), 0, SEEK_CUR) : static_cast<off_t>(durable_);
  if (position < 0) throw_errno(fmt::format("cannot tell the position in diary '{}'", path_));
  const std::uint64_t begin = static_cast<std::uint64_t>(position) - written;
  if (written < batch_.size()) {
    errno = error;
    const std::string reason = with_errno(fmt::format("cannot write to diary '{}'", path_));
    if (written > 0) cut_to(begin, reason);
    drop_batch();
    if (error != ENOSPC && error != EDQUOT && error != EFBIG)
      throw Error(broken_ = reason + "; what it held is as it was, and the writers still have the rest");
    return {false, reason};
  }
  sync();
  const auto shift = static_cast<std::int64_t>(begin - durable_);
  if (shift < 0) cut_ = true;
  first_append_ = std::min(first_append_, begin);
  durable_ = begin + batch_.size();
  if (shift != 0) index_.begin_at(durable_);
  remember_tail(shift == 0);
  added_to_ = false;
  remember_batch();
  drop_batch();
  return {true, {}, shift};
}

/// Returns how many bytes were written; errno tells why when that is fewer than there are.
std::size_t Diary::write_batch() {
  std::size_t written = 0;
  while (written < batch_.size()) {
    const ssize_t count = disk_.write(file_.fd.get(), std::string_view(batch_).substr(written));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    if (count == 0) {
      errno = ENOSPC;
      break;
    }
    written += static_cast<std::size_t>(count);
  }
  return written;
}

void Diary::drop_batch() {
  batch_.clear();
  if (batch_.capacity() > kept_capacity) batch_.shrink_to_fit();
}

/// A second fdatasync would return success for pages that are gone: after a failure, nothing is written again.
void Diary::sync() {
  if (disk_.fdatasync(file_.fd.get()) == 0) return;
  broken_ = with_errno(fmt::format("cannot sync diary '{}'", path_)) +
            "; entries that were not acknowledged may be lost from it, their writers still have them";
  throw Error(broken_);
}

void Diary::cut_to(std::uint64_t size, const std::string& why) {
  int result = 0;
  do {
    result = disk_.ftruncate(file_.fd.get(), size);
  } while (result != 0 && errno == EINTR);
  if (result == 0) return;
  broken_ = with_errno(fmt::format("cannot cut diary '{}' back to {} bytes after {}", path_, size, why)) +
            "; those bytes are as they were, and what follows them was not acknowledged";
  throw Error(broken_);
}

std::string Diary::read_tail() const {
  std::string tail(std::min<std::uint64_t>(durable_, tail_length), '\0');
  tail.resize(read(durable_ - tail.size(), tail.data(), tail.size()));
  return tail;
}

/// The batch has come to the end of the file. `behind_tail`: right behind the bytes that are remembered.
void Diary::remember_tail(bool behind_tail) {
  if (!behind_tail) {
    tail_ = read_tail();
    return;
  }
  tail_.append(batch_, batch_.size() - std::min(batch_.size(), tail_length));
  tail_.erase(0, tail_.size() - std::min(tail_.size(), tail_length));
}

std::string Diary::missing_newlines() const {
  if (tail_.empty() || tail_ == "\n" || tail_.ends_with("\n\n")) return {};
  return tail_.ends_with('\n') ? "\n" : "\n\n";
}

}  // namespace md2

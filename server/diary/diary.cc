#include "server/diary/diary.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/new_file.h"
#include "server/diary/missing.h"
#include "server/diary/torn_end.h"

namespace md2 {
namespace {

constexpr std::uint64_t distrusted_length = 64 << 20;          // of the end at start: more than one turn ever appends
constexpr std::size_t kept_capacity = std::size_t{256} << 10;  // of the batch, from turn to turn

}  // namespace

Diary::Diary(std::string path, Report report) : path_(std::move(path)), report_(std::move(report)) {
  lock_ = lock_file(path_ + ".lock", Wait::no);
  if (!lock_) throw Error(fmt::format("diary '{}' is in use by another md2server", path_));
  adopt(open_file());
  // Pages that an fdatasync of another process failed to write count as clean: only the disk knows. The rest of a large
  // diary stays in memory for the first search.
  const std::uint64_t distrusted = durable_ - std::min(durable_, distrusted_length);
  disk().forget(file_.fd.get(), distrusted);
  check_end();
  // Its last empty line, so that who reads the file sees the last entry end. Where there is no room for it, the next
  // entry brings it along.
  append(newlines_before_entry());
}

Diary::File Diary::open_file() const {
  constexpr int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY;
  File file{UniqueFd(disk().open(path_, flags))};
  const bool make = !file.fd && errno == ENOENT;
  if (make) file.fd.reset(disk().open(path_, flags | O_CREAT, 0600));
  struct stat status = {};
  if (!file.fd || disk().stat(file.fd.get(), status) != 0) throw_errno(fmt::format("cannot open diary '{}'", path_));
  if (!S_ISREG(status.st_mode)) throw Error(fmt::format("cannot open diary '{}': not a regular file", path_));
  if (!lock(file.fd.get(), Wait::no, {"diary", path_})) {
    throw Error(fmt::format("diary '{}' is in use by another program that locked it", path_));
  }
  // The name as well: an editor, or a server that died, may have made it and not synced it.
  if (disk().fsync(file.fd.get()) != 0) throw_errno(fmt::format("cannot sync diary '{}'", path_));
  sync_folder_of(disk().real_path(path_));
  file.device = status.st_dev;
  file.inode = status.st_ino;
  return file;
}

void Diary::adopt(File file) {
  file_ = std::move(file);
  sync();
  recent_ = {};
  end_at(size_of(file_.fd.get(), {"diary", path_}));
  first_append_ = durable_;
}

/// The diary ends there, and nobody knows what stands before.
void Diary::end_at(std::uint64_t size) {
  durable_ = size;
  recent_.begin_at(size, bytes_before(size, Recent::tail_length));
}

void Diary::check_end() {
  const FileEnd end = look_at_end(file_.fd.get());
  if (end.damage) {
    report_(fmt::format("diary '{}' holds NUL bytes or broken UTF-8 near byte {}; it was left as it is", path_,
                        *end.damage));
  }
  if (!end.torn) return;
  const std::uint64_t size = durable_;
  NewFile aside = NewFile::aside(path_, "torn");
  aside.append_from(file_.fd.get(), *end.torn, size);
  aside.keep();
  cut_to(*end.torn, "an incomplete entry at its end");
  adopt(std::move(file_));
  report_(
      fmt::format("diary '{}' ended in {} bytes of an entry that was being written when the server or the machine "
                  "stopped; they are now in '{}', and everything before them is as it was",
                  path_, size - *end.torn, aside.name()));
}

std::size_t Diary::read(std::uint64_t offset, char* to, std::size_t size) const {
  if (offset >= durable_) return 0;
  return read_at(file_.fd.get(), offset, to, std::min<std::uint64_t>(size, durable_ - offset), {"diary", path_});
}

bool Diary::check_for_changes() {
  if (!broken_.empty() || !batch_.empty()) return false;
  struct stat status = {};
  const bool removed = disk().stat(path_, status) != 0;
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
  const std::uint64_t before = durable_;
  const bool grown = !std::exchange(cut_, false) && size > before;
  const bool same = grown && bytes_before(before, recent_.tail().size()) == recent_.tail();
  end_at(size);
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
  const std::string recent = recent_.take_appended();
  if (recent.empty()) return {};
  const UniqueFd fd(disk().memory_file());
  if (write_all(fd.get(), recent) != recent.size()) return with_errno("; what it lacks could not be found out");
  return missing_from(fd.get(), 0, recent.size());
}

std::uint64_t Diary::add(std::string_view encoded) {
  if (batch_.empty()) batch_ = newlines_before_entry();
  const std::uint64_t offset = durable_ + batch_.size();
  batch_ += encoded;
  recent_.add(offset, encoded);
  return offset;
}

Diary::Commit Diary::commit() {
  Commit commit = append(batch_);
  batch_.clear();
  if (batch_.capacity() > kept_capacity) batch_.shrink_to_fit();
  return commit;
}

Diary::Commit Diary::append(std::string_view bytes) {
  if (!broken_.empty()) throw Error(broken_);
  if (bytes.empty()) return {};
  errno = ENOSPC;  // unless write(2) says something else
  const std::size_t written = write_all(file_.fd.get(), bytes);
  const int error = errno;
  // With O_APPEND only the position after the write tells where the bytes stand; when there are none, it says nothing.
  const auto position = static_cast<std::uint64_t>(disk().position(file_.fd.get()));
  const std::uint64_t begin = written == 0 ? durable_ : position - written;
  if (written < bytes.size()) return {false, take_back(begin, written, error)};
  sync();
  const auto shift = static_cast<std::int64_t>(begin - durable_);
  first_append_ = std::min(first_append_, begin);
  durable_ = begin + bytes.size();
  recent_.append(bytes);
  if (shift < 0) cut_ = true;
  if (shift != 0) end_at(durable_);
  added_to_ = false;
  return {true, {}, shift};
}

/// Takes back what a failed write has left in the file. Returns the reason for the writers; one that more room can't
/// mend ends the server.
std::string Diary::take_back(std::uint64_t begin, std::size_t written, int error) {
  errno = error;
  std::string reason = with_errno(fmt::format("cannot write to diary '{}'", path_));
  if (written > 0) cut_to(begin, reason);
  if (error != ENOSPC && error != EDQUOT && error != EFBIG)
    throw Error(broken_ = reason + "; what it held is as it was, and the writers still have the rest");
  return reason;
}

/// A second fdatasync would return success for pages that are gone: after a failure, nothing is written again.
void Diary::sync() {
  if (disk().fdatasync(file_.fd.get()) == 0) return;
  throw Error(broken_ = with_errno(fmt::format("cannot sync diary '{}'", path_)) +
                        "; entries that were not acknowledged may be lost from it, their writers still have them");
}

void Diary::cut_to(std::uint64_t size, const std::string& why) {
  while (disk().ftruncate(file_.fd.get(), size) != 0) {
    if (errno == EINTR) continue;
    throw Error(broken_ = with_errno(fmt::format("cannot cut diary '{}' back to {} bytes after {}", path_, size, why)) +
                          "; those bytes are as they were, and what follows them was not acknowledged");
  }
}

std::string Diary::bytes_before(std::uint64_t end, std::size_t size) const {
  size = std::min<std::uint64_t>(end, size);
  return read_at(file_.fd.get(), end - size, size, {"diary", path_});
}

/// What the file lacks for an entry to begin after an empty line.
std::string_view Diary::newlines_before_entry() const {
  const std::string& tail = recent_.tail();
  if (tail.empty() || tail == "\n" || tail.ends_with("\n\n")) return {};
  return tail.ends_with('\n') ? "\n" : "\n\n";
}

}  // namespace md2

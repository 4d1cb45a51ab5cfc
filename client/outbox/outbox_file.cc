#include "client/outbox/outbox_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/diary/timestamp.h"
#include "common/net/server_name.h"
#include "common/os/clock.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/os/paths.h"

namespace md2 {
namespace {

constexpr std::string_view ending = ".outbox";

/// What follows the recipient. The time is UTC, so that names sort by age wherever the user travels.
std::string new_suffix() {
  const WallTime now = current_clock().wall();
  std::string time = to_string(Timestamp{now.micros, 0}).substr(0, 26);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  time[time.find(' ')] = 'T';
  return fmt::format("@{}-{}{}", time, getpid(), ending);
}

/// Of a path: from its last `@` on.
std::string_view suffix_of(std::string_view path) {
  return path.substr(path.rfind('@'));
}

}  // namespace

OutboxFile OutboxFile::make(const std::string& folder, std::string_view recipient) {
  make_folders(folder);  // somebody may have taken it away
  for (;;) {
    std::string path = fmt::format("{}/{}{}", folder, recipient, new_suffix());
    UniqueFd fd(disk().open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
    if (!fd && errno == EEXIST) continue;  // another outbox of this process was made in this microsecond
    if (!fd) throw_errno(tr("cannot make outbox '{}'", path));
    // A client that starts right now may take the new file for one that was left: it finds it empty and removes it.
    if (!lock(fd.get(), Wait::no, {tr_later("outbox"), path}) || !names(path, fd.get())) continue;
    sync_folder_of(path);
    return OutboxFile(std::move(path), std::move(fd));
  }
}

std::optional<OutboxFile> OutboxFile::adopt(const std::string& path) {
  // Without O_NONBLOCK a FIFO of that name would hold up the start.
  UniqueFd fd(disk().open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) throw_errno(tr("cannot open outbox '{}'", path));
  struct stat status = {};
  if (disk().stat(fd.get(), status) != 0 || !S_ISREG(status.st_mode)) throw Error(tr("'{}' is not a file", path));
  if (!lock(fd.get(), Wait::no, {tr_later("outbox"), path}) || !names(path, fd.get())) return std::nullopt;
  disk().unlink(path + ".new");  // its client was killed while it made a smaller copy
  return OutboxFile(path, std::move(fd));
}

std::vector<std::string> OutboxFile::list(const std::string& folder) {
  std::vector<std::string> paths;
  std::vector<std::string> names;
  if (disk().names_in(folder, names) != 0) throw_errno(tr("cannot read outbox folder '{}'", folder));
  for (const std::string& name : names) {
    const std::size_t at = name.rfind('@');
    if (at != std::string::npos && at > 0 && name.ends_with(ending))
      paths.push_back(fmt::format("{}/{}", folder, name));
  }
  std::sort(paths.begin(), paths.end(), [](const std::string& a, const std::string& b) {
    return std::pair(suffix_of(a), std::string_view(a)) < std::pair(suffix_of(b), std::string_view(b));
  });
  return paths;
}

std::string OutboxFile::recipient_of(const std::string& path) {
  const std::size_t begin = path.rfind('/') + 1;
  return canonical_server_name(std::string_view(path).substr(begin, path.rfind('@') - begin));
}

bool OutboxFile::bind(const std::string& identity) {
  if (!names(path_, fd_.get())) return false;
  const std::string folder = folder_of(path_);
  std::string name = fmt::format("{}/{}{}", folder, identity, suffix_of(path_));
  Disk::Status status = {};
  // rename(2) would replace an outbox of that name; two of one process and microsecond are a copy's.
  while (disk().lstat(name, status) == 0) name = fmt::format("{}/{}{}", folder, identity, new_suffix());
  if (disk().rename(path_, name) != 0) throw_errno(tr("cannot rename outbox '{}'", path_));
  path_ = std::move(name);
  return true;
}

bool OutboxFile::unchanged(std::uint64_t size) const {
  return names(path_, fd_.get()) && size_of(fd_.get(), {tr_later("outbox"), path_}) == size;
}

bool OutboxFile::reaches(std::uint64_t size) const {
  return names(path_, fd_.get()) && size_of(fd_.get(), {tr_later("outbox"), path_}) >= size;
}

void OutboxFile::append(std::string_view bytes, std::uint64_t size) {
  if (write_all(fd_.get(), bytes) == bytes.size()) return;
  const std::string failure = with_errno(tr("cannot write outbox '{}'", path_));
  disk().ftruncate(fd_.get(), size);
  throw Error(failure);
}

void OutboxFile::sync() {
  if (disk().fdatasync(fd_.get()) != 0) throw_errno(tr("cannot sync outbox '{}'", path_));
}

void OutboxFile::cut(std::uint64_t size) {
  if (disk().ftruncate(fd_.get(), size) != 0) throw_errno(tr("cannot cut outbox '{}'", path_));
}

void OutboxFile::unlink() const {
  if (names(path_, fd_.get())) disk().unlink(path_);
}

void OutboxFile::set_aside() const {
  if (!names(path_, fd_.get())) return;
  struct stat status = {};
  const bool empty = disk().stat(fd_.get(), status) == 0 && status.st_size == 0;
  empty ? disk().unlink(path_) : disk().rename(path_, path_ + ".damaged");
}

void OutboxFile::replace(std::string_view bytes) const {
  NewFile rest = NewFile::beside(path_);
  rest.append(bytes);
  if (!names(path_, fd_.get())) throw Error(tr("outbox '{}' was replaced by another program", path_));
  rest.replace(path_);
}

std::string_view OutboxFile::read(std::uint64_t offset, std::size_t size, std::size_t ahead, ReadAhead& window) const {
  return window.read(fd_.get(), offset, size, ahead, {tr_later("outbox"), path_});
}

}  // namespace md2

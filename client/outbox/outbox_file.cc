#include "client/outbox/outbox_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/diary/timestamp.h"
#include "common/os/clock.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/new_file.h"

namespace md2 {
namespace {

constexpr std::string_view ending = ".outbox";

/// What the names of all outboxes for `server` begin with. Different servers give different beginnings, and none is
/// the beginning of another: `@` ends it and is escaped inside.
std::string name_prefix(std::string_view server) {
  std::string out;
  for (const char c : server) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       (c == '.' && !out.empty());
    if (c == ':') {
      out += '_';
    } else if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out + '@';
}

/// The time is UTC, so that names sort by age wherever the user travels.
std::string new_name(std::string_view server) {
  const WallTime now = current_clock().wall();
  std::string time = to_string(Timestamp{now.micros, 0}).substr(0, 26);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  time[time.find(' ')] = 'T';
  return fmt::format("{}{}-{}{}", name_prefix(server), time, getpid(), ending);
}

}  // namespace

OutboxFile OutboxFile::make(const std::string& folder, std::string_view server) {
  for (;;) {
    std::string path = fmt::format("{}/{}", folder, new_name(server));
    UniqueFd fd(disk().open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
    if (!fd && errno == EEXIST) continue;  // another outbox of this process was made in this microsecond
    if (!fd) throw_errno(fmt::format("cannot make outbox '{}'", path));
    // A client that starts right now may take the new file for one that was left: it finds it empty and removes it.
    if (!lock(fd.get(), Wait::no, {"outbox", path}) || !names(path, fd.get())) continue;
    sync_folder_of(path);
    return OutboxFile(std::move(path), std::move(fd));
  }
}

std::optional<OutboxFile> OutboxFile::adopt(const std::string& path) {
  // Without O_NONBLOCK a FIFO of that name would hold up the start.
  UniqueFd fd(disk().open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) throw_errno(fmt::format("cannot open outbox '{}'", path));
  struct stat status = {};
  if (disk().stat(fd.get(), status) != 0 || !S_ISREG(status.st_mode))
    throw Error(fmt::format("'{}' is not a file", path));
  if (!lock(fd.get(), Wait::no, {"outbox", path}) || !names(path, fd.get())) return std::nullopt;
  disk().unlink(path + ".new");  // its client was killed while it made a smaller copy
  return OutboxFile(path, std::move(fd));
}

std::vector<std::string> OutboxFile::list(const std::string& folder, std::string_view server) {
  const std::string prefix = name_prefix(server);
  std::vector<std::string> paths;
  std::vector<std::string> names;
  if (disk().names_in(folder, names) != 0) throw_errno(fmt::format("cannot read outbox folder '{}'", folder));
  for (const std::string& name : names) {
    if (name.starts_with(prefix) && name.ends_with(ending)) paths.push_back(fmt::format("{}/{}", folder, name));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool OutboxFile::unchanged(std::uint64_t size) const {
  return names(path_, fd_.get()) && size_of(fd_.get(), {"outbox", path_}) == size;
}

void OutboxFile::append(std::string_view bytes, std::uint64_t size) {
  if (write_all(fd_.get(), bytes) == bytes.size()) return;
  const std::string failure = with_errno(fmt::format("cannot write outbox '{}'", path_));
  disk().ftruncate(fd_.get(), size);
  throw Error(failure);
}

void OutboxFile::sync() {
  if (disk().fdatasync(fd_.get()) != 0) throw_errno(fmt::format("cannot sync outbox '{}'", path_));
}

void OutboxFile::cut(std::uint64_t size) {
  if (disk().ftruncate(fd_.get(), size) != 0) throw_errno(fmt::format("cannot cut outbox '{}'", path_));
}

void OutboxFile::unlink() const {
  if (names(path_, fd_.get())) disk().unlink(path_);
}

void OutboxFile::set_aside() const {
  if (names(path_, fd_.get())) disk().rename(path_, path_ + ".damaged");
}

void OutboxFile::replace(std::string_view bytes) const {
  NewFile rest = NewFile::beside(path_);
  rest.append(bytes);
  if (!names(path_, fd_.get())) throw Error(fmt::format("outbox '{}' was replaced by another program", path_));
  rest.replace(path_);
}

std::string OutboxFile::read(std::uint64_t offset, std::size_t size) const {
  return read_at(fd_.get(), offset, size, {"outbox", path_});
}

}  // namespace md2

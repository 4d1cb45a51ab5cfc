#include "tests/sim/files.h"

#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <set>
#include <utility>

#include "common/os/paths.h"

namespace md2::sim {

int Files::fail(int error) const {
  errno = error;
  return -1;
}

InodePtr Files::find_name(const std::string& path) const {
  const auto found = names_.find(path);
  return found == names_.end() ? nullptr : found->second;
}

std::string Files::real_path(const std::string& path) const {
  const InodePtr inode = find_name(path);
  return inode && !inode->link.empty() ? inode->link : path;
}

InodePtr Files::find(const std::string& path) const {
  return find_name(real_path(path));
}

Files::Descriptor* Files::descriptor(int fd) {
  const auto found = descriptors_.find(fd);
  return found == descriptors_.end() ? nullptr : &found->second;
}

void Files::change(NameChange change) {
  for (const auto& [name, inode] : change.names) {
    if (inode) {
      names_[name] = inode;
    } else {
      names_.erase(name);
    }
  }
  pending_names_.push_back(std::move(change));
}

InodePtr Files::make(const std::string& path) {
  auto inode = std::make_shared<Inode>();
  inode->number = next_inode_++;
  touch(*inode);
  if (!path.empty()) change({{{path, inode}}});
  return inode;
}

int Files::open(int process, const std::string& name, int flags) {
  const std::string path = (flags & O_NOFOLLOW) != 0 ? name : real_path(name);
  InodePtr inode = find_name(path);
  if (inode && !inode->link.empty()) return fail(ELOOP);
  if (inode && (flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) return fail(EEXIST);
  if (!inode && (flags & O_CREAT) == 0) return fail(ENOENT);
  if (!inode && !find(folder_of(path))) return fail(ENOENT);
  if (inode && !inode->folder && (flags & O_DIRECTORY) != 0) return fail(ENOTDIR);
  if (!inode) inode = make(path);
  if ((flags & O_TRUNC) != 0) cut(inode, 0);
  descriptors_[next_fd_] = {inode, path, 0, (flags & O_APPEND) != 0, process};
  return next_fd_++;
}

void Files::close(int fd) {
  Descriptor* const open = descriptor(fd);
  if (open == nullptr) return;
  if (open->inode->locked_by == fd) open->inode->locked_by = -1;
  descriptors_.erase(fd);
}

std::vector<InodePtr> Files::held_by(int process) const {
  std::vector<InodePtr> held;
  for (const auto& [fd, open] : descriptors_) {
    if (open.process == process && !open.inode->folder) held.push_back(open.inode);
  }
  return held;
}

void Files::end_process(int process) {
  for (auto open = descriptors_.begin(); open != descriptors_.end();) {
    const int fd = open->second.process == process ? open->first : -1;
    ++open;
    if (fd >= 0) close(fd);
  }
}

void Files::put(const InodePtr& inode, std::uint64_t offset, const Marked& bytes) {
  inode->now.write(offset, bytes, author::nobody);
  inode->pending.push_back({false, offset, bytes});
  touch(*inode);
}

void Files::cut(const InodePtr& inode, std::uint64_t size) {
  inode->now.resize(size, author::nobody);
  inode->pending.push_back({true, size, {}});
  inode->reserved = std::min(inode->reserved, size);
  touch(*inode);
}

ssize_t Files::write(int fd, std::string_view bytes, char author) {
  Descriptor* const open = descriptor(fd);
  if (open == nullptr) return fail(EBADF);
  const std::uint64_t at = open->append ? open->inode->now.size() : open->position;
  const ssize_t written = write_at(fd, at, bytes, author);
  if (written > 0) open->position = at + static_cast<std::uint64_t>(written);
  return written;
}

ssize_t Files::write_at(int fd, std::uint64_t at, std::string_view bytes, char author) {
  Descriptor* const open = descriptor(fd);
  if (open == nullptr) return fail(EBADF);
  const std::uint64_t has_room = std::max<std::uint64_t>(open->inode->reserved, open->inode->now.size());
  const std::uint64_t free = has_room > at ? has_room - at : 0;
  const std::uint64_t fits = std::min<std::uint64_t>(bytes.size(), room > bytes.size() ? bytes.size() : free + room);
  if (fits == 0 && !bytes.empty()) return fail(ENOSPC);
  if (room != std::numeric_limits<std::uint64_t>::max() && fits > free) room -= std::min(room, fits - free);
  put(open->inode, at, Marked(bytes.substr(0, fits), author));
  return static_cast<ssize_t>(fits);
}

int Files::cut(int fd, std::uint64_t size) {
  Descriptor* const open = descriptor(fd);
  if (open == nullptr) return fail(EBADF);
  cut(open->inode, size);
  return 0;
}

int Files::reserve(int fd, std::uint64_t end) {
  Descriptor* const open = descriptor(fd);
  if (open == nullptr) return fail(EBADF);
  const std::uint64_t held = std::max<std::uint64_t>(open->inode->reserved, open->inode->now.size());
  const std::uint64_t more = end > held ? end - held : 0;
  if (more > room) return fail(ENOSPC);
  if (room != std::numeric_limits<std::uint64_t>::max()) room -= more;
  open->inode->reserved = std::max(open->inode->reserved, end);
  return 0;
}

void Files::apply(Marked& to, const Change& change, std::size_t bytes) {
  if (change.cut) {
    to.resize(change.offset, author::nobody);
  } else {
    to.write(change.offset, change.bytes.part(0, bytes), author::nobody);
  }
}

void Files::sync(const InodePtr& inode) {
  for (const Change& change : inode->pending) apply(inode->stable, change, std::string::npos);
  inode->pending.clear();
}

void Files::sync_names(const std::string& folder) {
  std::erase_if(pending_names_, [&](const NameChange& change) {
    if (folder_of(change.names.front().first) != folder) return false;
    for (const auto& [name, inode] : change.names) {
      if (inode) {
        stable_names_[name] = inode;
      } else {
        stable_names_.erase(name);
      }
    }
    return true;
  });
}

int Files::sync(int fd) {
  Descriptor* const open = descriptor(fd);
  if (open == nullptr) return fail(EBADF);
  open->inode->folder ? sync_names(open->path) : sync(open->inode);
  return 0;
}

/// Some of it may have been written.
int Files::fail_sync(int fd) {
  Descriptor* const open = descriptor(fd);
  if (open == nullptr) return fail(EBADF);
  if (!open->inode->folder) {
    settle(*open->inode);
    open->inode->pending.clear();
  }
  return fail(EIO);
}

void Files::forget(int fd) {
  Descriptor* const open = descriptor(fd);
  if (open != nullptr && open->inode->pending.empty()) open->inode->now = open->inode->stable;
}

int Files::lock(int fd, int operation) {
  Descriptor* const open = descriptor(fd);
  if (open == nullptr) return fail(EBADF);
  int& holder = open->inode->locked_by;
  if ((operation & LOCK_UN) != 0) {
    if (holder == fd) holder = -1;
    return 0;
  }
  if (holder >= 0 && holder != fd) {
    if ((operation & LOCK_NB) == 0) std::abort();  // one thread: nobody could ever give it back
    return fail(EWOULDBLOCK);
  }
  holder = fd;
  return 0;
}

int Files::status(const Inode* inode, struct stat& status) const {
  if (inode == nullptr) return fail(ENOENT);
  status = {};
  status.st_dev = 7;
  status.st_ino = inode->number;
  status.st_mode = inode->folder ? S_IFDIR | 0700 : inode->link.empty() ? S_IFREG | 0600 : S_IFLNK | 0777;
  status.st_nlink = 1;
  status.st_size = static_cast<off_t>(inode->now.size());
  status.st_blocks = static_cast<blkcnt_t>((std::max<std::uint64_t>(inode->reserved, inode->now.size()) + 511) / 512);
  status.st_mtim = status.st_ctim = {inode->mtime / 1'000'000'000, inode->mtime % 1'000'000'000};
  return 0;
}

int Files::link(const std::string& from, const std::string& to) {
  const InodePtr inode = find_name(from);
  if (!inode) return fail(ENOENT);
  if (find_name(to)) return fail(EEXIST);
  change({{{to, inode}}});
  return 0;
}

int Files::rename(const std::string& from, const std::string& to) {
  const InodePtr inode = find_name(from);
  if (!inode) return fail(ENOENT);
  if (from != to) change({{{from, nullptr}, {to, inode}}});
  return 0;
}

int Files::unlink(const std::string& path) {
  if (!find_name(path)) return fail(ENOENT);
  change({{{path, nullptr}}});
  return 0;
}

/// Stable at once: what a lost folder would show, a lost name shows as well.
int Files::mkdir(const std::string& path) {
  if (find(path)) return fail(EEXIST);
  const InodePtr inode = make("");
  inode->folder = true;
  names_[path] = stable_names_[path] = inode;
  return 0;
}

std::vector<std::string> Files::names_in(const std::string& folder) const {
  std::vector<std::string> names;
  const std::string prefix = folder + "/";
  for (auto name = names_.lower_bound(prefix); name != names_.end() && name->first.starts_with(prefix); ++name) {
    names.push_back(name->first.substr(prefix.size()));
  }
  return names;
}

/// What of the pending changes reaches the disk: mostly a beginning of them, the last one torn or with zeros for bytes;
/// now and then any of them, because pages are written back in any order.
void Files::settle(Inode& inode) {
  auto& pending = inode.pending;
  if (pending.empty()) return;
  const std::size_t way = random_.below(10);
  if (way == 0) {
    for (const Change& change : pending) {
      if (random_.chance(500)) apply(inode.stable, change, std::string::npos);
    }
    return;
  }
  const std::size_t whole = random_.below(pending.size() + 1);
  for (std::size_t i = 0; i < whole; ++i) apply(inode.stable, pending[i], std::string::npos);
  if (whole == pending.size() || way < 3) return;
  const Change& last = pending[whole];
  const std::size_t kept = random_.below(last.bytes.size() + 1);
  if (way < 7 || last.cut) return apply(inode.stable, last, kept);
  Change zeros = last;  // its length got there, and not all of its bytes
  std::fill(zeros.bytes.bytes.begin() + static_cast<std::ptrdiff_t>(kept), zeros.bytes.bytes.end(), '\0');
  std::fill(zeros.bytes.authors.begin() + static_cast<std::ptrdiff_t>(kept), zeros.bytes.authors.end(), author::nobody);
  apply(inode.stable, zeros, std::string::npos);
}

void Files::cut_power() {
  descriptors_.clear();
  ++boots;
  // Of each folder the changes get there in their order: file systems keep a journal of them.
  std::map<std::string, bool> going_on;
  for (const NameChange& change : pending_names_) {
    const std::string folder = folder_of(change.names.front().first);
    const auto known = going_on.try_emplace(folder, true).first;
    known->second = known->second && random_.chance(600);
    if (!known->second) continue;
    for (const auto& [name, inode] : change.names) {
      if (inode) {
        stable_names_[name] = inode;
      } else {
        stable_names_.erase(name);
      }
    }
  }
  pending_names_.clear();
  names_ = stable_names_;
  std::set<Inode*> done;
  for (const auto& name : names_) {
    Inode& inode = *name.second;
    if (!done.insert(&inode).second) continue;
    settle(inode);
    inode.pending.clear();
    inode.now = inode.stable;
    inode.locked_by = -1;
    inode.reserved = 0;
  }
}

}  // namespace md2::sim

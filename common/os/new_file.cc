#include "common/os/new_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "common/os/clock.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/paths.h"

namespace md2 {
namespace {

bool holds_same(int one, int other, FileName name) {
  constexpr std::size_t block = std::size_t{256} << 10;
  const std::uint64_t size = size_of(one, name);
  if (size_of(other, name) != size) return false;
  for (std::uint64_t at = 0; at < size; at += block) {
    if (read_at(one, at, block, name) != read_at(other, at, block, name)) return false;
  }
  return true;
}

}  // namespace

NewFile::NewFile(const std::string& stem) : name_(stem) {
  for (int number = 2;; ++number) {
    fd_.reset(disk().open(name_, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (fd_) return;
    if (errno != EEXIST) throw_errno(tr("cannot make '{}'", name_));
    name_ = fmt::format("{}.{}", stem, number);
  }
}

NewFile NewFile::aside(const std::string& path, std::string_view word) {
  // Without colons, which some tools and file systems give a meaning of their own.
  NewFile file = beside(fmt::format("{}.{}", path, word));
  file.aside_stem_ = fmt::format("{}.{}.", path, word);
  file.aside_ = file.aside_stem_ + local_time("%Y-%m-%dT%H.%M.%S");
  return file;
}

NewFile NewFile::beside(const std::string& path) {
  disk().unlink(path + ".new");
  return beside_others(path);
}

NewFile NewFile::beside_others(const std::string& path) {
  return NewFile(path + ".new");
}

NewFile::NewFile(NewFile&& other) noexcept
    : name_(std::move(other.name_)),
      aside_(std::move(other.aside_)),
      aside_stem_(std::move(other.aside_stem_)),
      fd_(std::move(other.fd_)),
      kept_(std::exchange(other.kept_, true)) {}

NewFile::~NewFile() {
  if (!kept_) disk().unlink(name_);
}

void NewFile::append(std::string_view bytes) {
  if (write_all(fd_.get(), bytes) != bytes.size()) throw_errno(tr("cannot write '{}'", name_));
}

void NewFile::append_from(int fd, std::uint64_t begin, std::uint64_t end) {
  std::vector<char> block(std::min<std::uint64_t>(end - begin, std::uint64_t{256} << 10));
  while (begin < end) {
    const std::size_t count = read_at(fd, begin, block.data(), std::min<std::uint64_t>(end - begin, block.size()),
                                      {tr_later("what is to be kept in"), name_});
    if (count == 0) return;
    append({block.data(), count});
    begin += count;
  }
}

void NewFile::sync() {
  if (disk().fsync(fd_.get()) != 0) throw_errno(tr("cannot sync '{}'", name_));
}

void NewFile::keep() {
  sync();
  if (is_kept_already()) return;
  std::string name = aside_;
  for (int number = 2; !take_name(name); ++number) name = fmt::format("{}.{}", aside_, number);
  name_ = name;
  kept_ = true;
  sync_folder_of(name_);
}

bool NewFile::is_kept_already() {
  std::vector<std::string> names;
  const std::string folder = folder_of(aside_stem_);
  const std::string begin = aside_stem_.substr(aside_stem_.rfind('/') + 1);
  if (disk().names_in(folder, names) != 0) return false;
  for (const std::string& name : names) {
    const std::string path = fmt::format("{}/{}", folder, name);
    if (!name.starts_with(begin) || name.ends_with(".new")) continue;
    const UniqueFd fd(disk().open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd || !holds_same(fd.get(), fd_.get(), {tr_later("file"), path}) || disk().fsync(fd.get()) != 0) continue;
    sync_folder_of(path);
    disk().unlink(std::exchange(name_, path));
    return kept_ = true;
  }
  return false;
}

/// False when somebody has it. Some file systems (vfat) have no link(2), and some of these (FUSE) no other way that
/// replaces nobody's; there, who comes between the look and the rename loses.
bool NewFile::take_name(const std::string& name) {
  if (disk().link(name_, name) == 0) {
    disk().unlink(name_);
    return true;
  }
  if (errno != EEXIST && disk().rename_new(name_, name) == 0) return true;
  if (errno == EEXIST) return false;
  struct stat status = {};
  if (disk().stat(name, status) == 0) return false;
  if (disk().rename(name_, name) != 0) throw_errno(tr("cannot make '{}'", name));
  return true;
}

void NewFile::replace(const std::string& path) {
  sync();
  if (disk().rename(name_, path) != 0) throw_errno(tr("cannot replace '{}'", path));
  kept_ = true;
  sync_folder_of(path);
}

void NewFile::link(const std::string& path) {
  sync();
  kept_ = take_name(path);
  sync_folder_of(path);
}

}  // namespace md2

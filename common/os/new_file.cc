#include "common/os/side_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "common/os/error.h"
#include "common/os/file.h"

namespace md2 {
namespace {

/// Without colons, which some tools and file systems give a meaning of their own.
std::string local_time() {
  const time_t now = ::time(nullptr);
  tm fields{};
  localtime_r(&now, &fields);
  return fmt::format("{:04}-{:02}-{:02}T{:02}.{:02}.{:02}", fields.tm_year + 1900, fields.tm_mon + 1, fields.tm_mday,
                     fields.tm_hour, fields.tm_min, fields.tm_sec);
}

}  // namespace

SideFile::SideFile(const std::string& path, std::string_view word) {
  const std::string stem = fmt::format("{}.{}.{}", path, word, local_time());
  name_ = stem;
  for (int number = 2; !fd_; ++number) {
    fd_.reset(::open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (fd_) return;
    if (errno != EEXIST) throw_errno(fmt::format("cannot make '{}'", name_));
    name_ = fmt::format("{}.{}", stem, number);
  }
}

SideFile::~SideFile() {
  if (!kept_) ::unlink(name_.c_str());
}

void SideFile::append(std::string_view bytes) {
  if (write_all(fd_.get(), bytes) != bytes.size()) throw_errno(fmt::format("cannot write '{}'", name_));
}

void SideFile::append_from(int fd, std::uint64_t begin, std::uint64_t end) {
  std::vector<char> block(std::min<std::uint64_t>(end - begin, std::uint64_t{256} << 10));
  while (begin < end) {
    const auto count = read_at(fd, begin, block.data(), std::min<std::uint64_t>(end - begin, block.size()));
    if (count < 0) throw_errno(fmt::format("cannot read what was to be kept in '{}'", name_));
    if (count == 0) return;
    append({block.data(), static_cast<std::size_t>(count)});
    begin += static_cast<std::uint64_t>(count);
  }
}

void SideFile::keep() {
  if (fsync(fd_.get()) != 0) throw_errno(fmt::format("cannot sync '{}'", name_));
  sync_folder_of(name_);
  kept_ = true;
}

}  // namespace md2

#include "common/os/disk.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>
#include <utility>

namespace md2 {
namespace {

Disk real_disk;
thread_local Disk* used_disk = &real_disk;

constexpr off_t worth_a_thread = 16 << 20;  ///< bytes: 2 ms

}  // namespace

void Disk::close_apart(int fd) {
  Status status = {};
  if (fd < 0) return;
  if (::fstat(fd, &status) != 0 || status.st_nlink > 0 || status.st_size < worth_a_thread) return close(fd);
  try {
    std::thread([fd] { ::close(fd); }).detach();
  } catch (const std::system_error&) {
    close(fd);
  }
}

int Disk::reserve(int fd, std::uint64_t offset, std::uint64_t size) {
  const int result = ::fallocate(fd, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset), static_cast<off_t>(size));
  return result != 0 && (errno == EOPNOTSUPP || errno == ENOSYS) ? 0 : result;
}

std::uint64_t Disk::end_of_data(int fd) {
  posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
  off_t begin = 0;
  off_t end = 0;
  while ((begin = ::lseek(fd, end, SEEK_DATA)) >= end) end = std::max(begin + 1, ::lseek(fd, begin, SEEK_HOLE));
  if (errno != ENXIO) end = ::lseek(fd, 0, SEEK_END);
  return static_cast<std::uint64_t>(std::max<off_t>(end, 0));
}

void Disk::forget(int fd, std::uint64_t offset) {
  posix_fadvise(fd, static_cast<off_t>(offset), 0, POSIX_FADV_DONTNEED);
}

int Disk::names_in(Path folder, std::vector<std::string>& names) {
  std::error_code code;
  for (std::filesystem::directory_iterator file(folder, code), end; !code && file != end; file.increment(code)) {
    names.push_back(file->path().filename());
  }
  errno = code.value();
  return code ? -1 : 0;
}

std::string Disk::real_path(Path path) {
  std::error_code code;
  std::filesystem::path whole = std::filesystem::absolute(path, code);
  if (code) return path;
  // A link to what is not there yet is none to weakly_canonical(); open(2) follows as many.
  constexpr int most_links = 40;
  std::error_code at_link;
  const auto leads_nowhere = [&] {
    return std::filesystem::is_symlink(whole, at_link) && !std::filesystem::exists(whole, at_link);
  };
  for (int links = 0; links < most_links && leads_nowhere(); ++links) {
    whole = whole.parent_path() / std::filesystem::read_symlink(whole, at_link);
  }
  const std::filesystem::path real = std::filesystem::weakly_canonical(whole, code);
  return code ? path : real.string();
}

std::string Disk::boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");  // proc(5)
  std::string id;
  std::getline(file, id);
  return id;
}

int Disk::entropy(char* to, std::size_t size) {
  return ::getentropy(to, size);
}

Disk& disk() {
  return *used_disk;
}

UseDisk::UseDisk(Disk& other) : before_(std::exchange(used_disk, &other)) {}

UseDisk::~UseDisk() {
  used_disk = before_;
}

}  // namespace md2

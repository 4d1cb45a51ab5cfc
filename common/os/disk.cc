#include "common/os/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace md2 {
namespace {

thread_local Disk* current = nullptr;

}  // namespace

int Disk::open(const std::string& path, int flags, mode_t mode) {
  return ::open(path.c_str(), flags, mode);
}

ssize_t Disk::read(int fd, std::uint64_t offset, char* to, std::size_t size) {
  return ::pread(fd, to, size, static_cast<off_t>(offset));
}

ssize_t Disk::write(int fd, std::string_view bytes) {
  return ::write(fd, bytes.data(), bytes.size());
}

off_t Disk::position(int fd) {
  return ::lseek(fd, 0, SEEK_CUR);
}

int Disk::fdatasync(int fd) {
  return ::fdatasync(fd);
}

int Disk::fsync(int fd) {
  return ::fsync(fd);
}

int Disk::ftruncate(int fd, std::uint64_t size) {
  return ::ftruncate(fd, static_cast<off_t>(size));
}

int Disk::flock(int fd, int operation) {
  return ::flock(fd, operation);
}

int Disk::stat(int fd, struct stat& status) {
  return ::fstat(fd, &status);
}

int Disk::stat(const std::string& path, struct stat& status) {
  return ::stat(path.c_str(), &status);
}

int Disk::lstat(const std::string& path, struct stat& status) {
  return ::lstat(path.c_str(), &status);
}

int Disk::link(const std::string& from, const std::string& to) {
  return ::link(from.c_str(), to.c_str());
}

int Disk::rename(const std::string& from, const std::string& to) {
  return ::rename(from.c_str(), to.c_str());
}

int Disk::unlink(const std::string& path) {
  return ::unlink(path.c_str());
}

Disk& real_disk() {
  static Disk disk;
  return disk;
}

Disk& disk() {
  return current != nullptr ? *current : real_disk();
}

UseDisk::UseDisk(Disk& other) : before_(std::exchange(current, &other)) {}

UseDisk::~UseDisk() {
  current = before_;
}

}  // namespace md2

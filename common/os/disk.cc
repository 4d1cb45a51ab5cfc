#include "common/os/disk.h"

#include <fstream>
#include <utility>

namespace md2 {
namespace {

Disk real;
thread_local Disk* current = &real;

}  // namespace

std::string Disk::boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");  // proc(5)
  std::string id;
  std::getline(file, id);
  return id;
}

Disk& disk() {
  return *current;
}

UseDisk::UseDisk(Disk& other) : before_(std::exchange(current, &other)) {}

UseDisk::~UseDisk() {
  current = before_;
}

}  // namespace md2

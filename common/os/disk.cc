#include "common/os/disk.h"

#include <utility>

namespace md2 {
namespace {

Disk real;
thread_local Disk* current = &real;

}  // namespace

Disk& disk() {
  return *current;
}

UseDisk::UseDisk(Disk& other) : before_(std::exchange(current, &other)) {}

UseDisk::~UseDisk() {
  current = before_;
}

}  // namespace md2

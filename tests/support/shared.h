#pragma once

#include <sys/mman.h>

#include <new>

#include "tests/support/deadline.h"

namespace md2::test {

/// One T, of atomic members, for this process and all that it forks from now on. It is never given back.
template <typename T>
T& shared_by_processes() {
  void* const place = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) throw Failure("processes can't share memory");
  return *new (place) T;
}

}  // namespace md2::test

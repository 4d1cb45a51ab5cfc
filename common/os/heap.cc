#include "common/os/heap.h"

#include <malloc.h>

namespace md2 {
namespace {

constexpr int kept = 2 << 20;  ///< bytes

}  // namespace

void keep_freed_memory() {
  mallopt(M_TRIM_THRESHOLD, kept);
  mallopt(M_MMAP_THRESHOLD, kept);
  // A heap of its own for a second thread is 25 page faults more at each start, and streams are no faster for it.
  mallopt(M_ARENA_MAX, 1);
}

void give_back_memory() {
  malloc_trim(kept);
}

}  // namespace md2

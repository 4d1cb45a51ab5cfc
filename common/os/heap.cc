#include "common/os/heap.h"

#include <malloc.h>

namespace md2 {
namespace {

constexpr int kept = 2 << 20;   ///< bytes
constexpr int grown = 1 << 20;  ///< bytes

}  // namespace

void keep_freed_memory() {
  mallopt(M_TRIM_THRESHOLD, kept);
  mallopt(M_MMAP_THRESHOLD, kept);
  // A second thread's heap grows by single pages, a system call each, once what it began with is used up.
  mallopt(M_TOP_PAD, grown);
}

void give_back_memory() {
  malloc_trim(kept);
}

}  // namespace md2

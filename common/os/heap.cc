#include "common/os/heap.h"

#include <malloc.h>

namespace md2 {
namespace {

constexpr int kept = 2 << 20;  ///< bytes

}  // namespace

void keep_freed_memory() {
  mallopt(M_TRIM_THRESHOLD, kept);
  mallopt(M_MMAP_THRESHOLD, kept);
}

void give_back_memory() {
  malloc_trim(kept);
}

}  // namespace md2

#include "tests/fault/sweep.h"

#include <cstdlib>
#include <string_view>

namespace md2::test {

bool full_torture() {
  const char* const wanted = std::getenv("MD2_TORTURE");
  return wanted != nullptr && std::string_view(wanted) == "full";
}

int next_point(int point) {
  return full_torture() ? point + 1 : point + 1 + point / 2;
}

}  // namespace md2::test

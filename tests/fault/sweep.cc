#include "tests/fault/sweep.h"

#include <cstdlib>
#include <string_view>

#include "tests/support/deadline.h"

namespace md2::test {

bool full_torture() {
  const char* const wanted = std::getenv("MD2_TORTURE");
  return wanted != nullptr && std::string_view(wanted) == "full";
}

int next_point(int point) {
  if (full_torture()) return point + 1;
  return point + 1 + (sanitized() ? 2 * point : point / 2);
}

std::size_t distance_of_points(std::size_t usual) {
  if (full_torture()) return 1;
  return sanitized() ? 3 * usual : usual;
}

}  // namespace md2::test

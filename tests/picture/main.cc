// The README's picture, on standard output.
#include <cstdio>
#include <exception>
#include <string>

#include "tests/picture/story.h"

int main() {
  try {
    const std::string svg = md2::test::picture_of_a_session();
    return std::fwrite(svg.data(), 1, svg.size(), stdout) == svg.size() ? 0 : 1;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "md2picture: %s\n", failure.what());
    return 1;
  }
}

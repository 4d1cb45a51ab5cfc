#include "client/terminal/whole_output.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "common/os/unique_fd.h"
#include "tests/support/child.h"

using namespace md2;
using namespace md2::test;

namespace {

/// Sizes of the writes that `work` makes on standard output: a pipe of packets keeps them apart.
std::vector<std::size_t> writes_of(const std::function<void()>& work) {
  int ends[2];
  REQUIRE(pipe2(ends, O_DIRECT | O_CLOEXEC) == 0);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  REQUIRE(in_child([&] {
            if (dup2(write_end.get(), STDOUT_FILENO) < 0) return 1;
            work();
            return 0;
          }) == 0);
  write_end.reset();
  std::vector<std::size_t> sizes;
  std::string bytes(std::size_t{64} << 10, '\0');
  for (ssize_t size = 0; (size = read(read_end.get(), bytes.data(), bytes.size())) > 0;)
    sizes.push_back(static_cast<std::size_t>(size));
  return sizes;
}

using Sizes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("what is whole goes out in one write with others, and never with a part of another") {
  const Sizes of_small = writes_of([] {
    WholeOutput out([](bool) { return true; });
    for (int i = 0; i < 10; ++i) out.put(std::string(1000, 'x'));
    out.flush();
  });
  CHECK(of_small == Sizes{4000, 4000, 2000});
  CHECK(writes_of([] {
          WholeOutput out([](bool) { return true; });
          out.put("x");
          out.put(std::string(PIPE_BUF, 'y'));
          out.flush();
        }) == Sizes{1, PIPE_BUF});
}

TEST_CASE(
    "what is larger than a pipe takes at once goes out by itself, in parts between which one can be called away") {
  CHECK(writes_of([] {
          WholeOutput out([](bool) { return true; });
          out.put("x");
          out.put(std::string(std::size_t{2} * PIPE_BUF + 5, 'y'));
          out.put("z");
          out.flush();
        }) == Sizes{1, PIPE_BUF, PIPE_BUF, 5, 1});
  const Sizes of_two_parts = writes_of([] {
    int left = 2;
    WholeOutput out([&](bool begun) {
      if (begun != (left < 2) || left == 0) return false;
      --left;
      return true;
    });
    out.put(std::string(std::size_t{10} * PIPE_BUF, 'y'));
    out.put("z");
    out.flush();
  });
  CHECK(of_two_parts == Sizes{PIPE_BUF, PIPE_BUF});
}

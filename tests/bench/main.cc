// Prints what md2 takes beside what the machine takes for the same with nothing around it, and with --peers beside what
// other programs take. No figure decides anything: the exit status is 1 only when something does not work.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string_view>

#include "tests/bench/bench.h"

namespace {

struct Part {
  std::string_view name;
  void (*measure)(md2::bench::Bench&);
  bool only_if_named = false;
};

constexpr Part parts[] = {
    {"latency", md2::bench::latency},
    {"following", md2::bench::following},
    {"writers", md2::bench::writers},
    {"search", md2::bench::search},
    {"last", md2::bench::last},
    {"stream", md2::bench::stream},
    {"meanwhile", md2::bench::meanwhile},
    {"commands", md2::bench::commands},
    {"page", md2::bench::page},
    {"lookback", md2::bench::look_back},
    {"html", md2::bench::html},
    {"moving", md2::bench::moving},
    {"neighbours", md2::bench::neighbours},
    {"corrections", md2::bench::corrections},
    {"millions", md2::bench::millions, true},
    {"scale", md2::bench::scale, true},
};

int usage() {
  fmt::print(stderr, "usage: bench [--peers] [PART...]\nparts:");
  for (const Part& part : parts) fmt::print(stderr, " {}", part.name);
  fmt::print(stderr, "\n");
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string_view> wanted(argv + 1, argv + argc);
  const bool peers = std::erase(wanted, "--peers") > 0;
  for (const std::string_view name : wanted) {
    if (std::none_of(std::begin(parts), std::end(parts), [&](const Part& part) { return part.name == name; }))
      return usage();
  }
  md2::bench::catch_interrupts();
  try {
    md2::bench::Bench bench(peers);
    for (const Part& part : parts) {
      const bool named = std::find(wanted.begin(), wanted.end(), part.name) != wanted.end();
      if (named || (wanted.empty() && !part.only_if_named)) part.measure(bench);
    }
    bench.print_memory();
    return 0;
  } catch (const md2::bench::Interrupted&) {
    return 130;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench: {}\n", error.what());
    return 1;
  }
}

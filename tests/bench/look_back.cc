// What is told of a diary as a whole, each as a whole process, beside the time that the diary takes to come.
#include <string>

#include "tests/bench/bench.h"
#include "tests/bench/process.h"

namespace md2::bench {

using namespace md2::test;

void look_back(Bench& bench) {
  Kept kept(100'000);
  const auto timed = [&](const Command& command) -> Measure {
    return [&kept, command] { return time_process(kept.sandbox(), kept.client(command)); };
  };
  const auto row = [&](const std::string& name, const Command& command) {
    bench.table().compare("100,000 entries: " + name, "ms", timed(command), {{"read >/dev/null", timed({"read"})}},
                          at_most(150, "ms"));
  };
  row("tags", {"tags"});
  row("cal of all years", {"cal", "2010.."});
  row("stats", {"stats"});
  bench.note_memory("100,000 entries looked back on", kept.server(), 1);
}

}  // namespace md2::bench

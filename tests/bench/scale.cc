// What grows with a diary and what does not: 10 GiB, 54 million entries, beside a tenth of them.
#include <fstream>
#include <functional>

#include "common/diary/entry.h"
#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "tests/bench/process.h"

namespace md2::bench {

using namespace md2::test;

namespace {

constexpr std::size_t ten_gibibytes = 10 * gibibyte / entry_size;  ///< entries
constexpr std::size_t scale_warm_up = 200;

/// Until it listens.
double time_start(Kept& kept) {
  kept.stop();
  const auto begin = Clock::now();
  kept.server().start();
  return milliseconds(Clock::now() - begin);
}

/// The worst that a writer waits in the two seconds after the owner has changed a character near the front.
double worst_behind_edit(Kept& kept) {
  Load writer(kept.server(), 1);
  writer.run(scale_warm_up);
  std::fstream diary(kept.diary(), std::ios::in | std::ios::out | std::ios::binary);
  diary.seekp(static_cast<std::streamoff>(header_length));
  if (!(diary << "改").flush()) throw Failure("cannot edit the diary");
  writer.hear_of_change();
  const auto end = Clock::now() + std::chrono::seconds(2);
  return percentile(writer.run([&] { return Clock::now() < end; }).milliseconds, 1);
}

}  // namespace

void scale(Bench& bench) {
  Kept& tenth = bench.large();
  Kept whole(ten_gibibytes);
  const auto row = [&](const std::string& name, const std::function<double(Kept&)>& measure, const Claim& claim = {}) {
    bench.table().compare("10 GiB: " + name, "ms", [&] { return measure(whole); },
                          {{"1 GiB", [&] { return measure(tenth); }, claim}});
  };
  const auto question = [](const Command& command) {
    return [command](Kept& kept) { return time_process(kept.sandbox(), kept.client(command)); };
  };
  row("the server starts", time_start, more_at_most(5, "ms"));
  row("one more entry", question({"write", "今天写一点"}), more_at_most(5, "ms"));
  row("the last ten", question({"read", "-10"}), more_at_most(5, "ms"));
  row("a day", question({"read", "2015-06-01"}));
  row("a rare word", question({"read", rare_word}));
  row("a write behind an edit near the front, worst", worst_behind_edit, more_at_most(20, "ms"));
  bench.note_memory("10 GiB, 54 million entries", whole.server(), 1);
}

}  // namespace md2::bench

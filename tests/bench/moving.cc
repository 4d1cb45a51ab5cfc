// What it takes to bring an old diary in.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <memory>

#include "tests/bench/bench.h"
#include "tests/bench/process.h"

namespace md2::bench {

using namespace md2::test;

namespace {

constexpr int entries = 200'000;

/// A journal as jrnl keeps it: an entry every 37 minutes.
void make_journal(const std::string& path) {
  std::ofstream journal(path);
  const std::chrono::sys_days begin = std::chrono::year{2010} / 1 / 1;
  for (int i = 0; i < entries; ++i) {
    const auto moment = begin + std::chrono::minutes(37 * i);
    const auto midnight = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day day{midnight};
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(moment - midnight).count();
    journal << fmt::format(
        "[{:04}-{:02}-{:02} {:02}:{:02}] Entry {} about something @home.\n今天下雨，写日记 #日记 and so on.\n\n",
        int{day.year()}, unsigned{day.month()}, unsigned{day.day()}, minutes / 60, minutes % 60, i);
  }
}

}  // namespace

void moving(Bench& bench) {
  const Sandbox sandbox;
  const std::string journal = sandbox.path("journal.txt");
  make_journal(journal);
  std::unique_ptr<Kept> kept;
  const auto import = [&] { return time_process(kept->sandbox(), kept->client({"import", journal})); };
  const auto into_new = [&] {
    kept = std::make_unique<Kept>(0);
    return import();
  };
  const auto copy = [&] {
    const std::string out = "of=" + sandbox.path("copy");
    return time_process(sandbox, {"dd", "if=" + journal, out, "bs=1M", "conv=fsync", "status=none"});
  };
  bench.table().compare("200,000 entries of jrnl's", "ms", into_new, {{"dd, synced", copy}}, at_most(3000, "ms"));
  bench.table().compare("the same again: none is new", "ms", import, {{"dd, synced", copy}}, at_most(3000, "ms"));
  bench.note_memory("200,000 imported", kept->server(), 1);
}

}  // namespace md2::bench

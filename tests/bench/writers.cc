// Many clients that write at once, each waiting for its `saved`, as peers' benchmarks do it.
#include <fmt/format.h>

#include <array>
#include <optional>

#include "common/entry.h"
#include "tests/bench/bench.h"
#include "tests/bench/floor.h"
#include "tests/bench/load.h"
#include "tests/bench/peers.h"
#include "tests/bench/process.h"

namespace md2::bench {
namespace {

struct Crowd {
  std::size_t clients;
  std::size_t entries;  ///< each time, about a second
  double claim;         ///< times what redis-server does
};

constexpr std::array crowds = {Crowd{1, 4000, 0.8}, Crowd{16, 24'000, 1.0}, Crowd{64, 60'000, 1.0},
                               Crowd{256, 100'000, 1.0}};

}  // namespace

void writers(Bench& bench) {
  Kept kept(0);
  Bare bare(kept.sandbox().path("bare"));
  std::optional<Redis> redis;
  if (bench.with_peers() && Redis::installed()) redis.emplace(kept.sandbox());
  for (const Crowd& crowd : crowds) {
    const auto [clients, entries, claim] = crowd;
    Load load(kept.server(), clients);
    load.run(entries / 10);
    const std::string batch(clients * entry_size, 'a');
    const Measure bare_appends = [&] {
      const auto begin = Clock::now();
      for (std::size_t i = 0; i < entries / clients; ++i) bare.append(batch);
      return static_cast<double>(entries) / seconds(Clock::now() - begin);
    };
    std::vector<Beside> others{{fmt::format("write+fdatasync, {} at a time", clients), bare_appends}};
    if (bench.with_peers()) {
      Measure pushes;
      if (redis) pushes = [&] { return redis->entries_per_second(clients, entries); };
      others.push_back({"redis-server, appendfsync always, no TLS", pushes, ratio_at_least(claim)});
    }
    bench.table().compare(
        fmt::format("entries saved, {} clients", clients), "/s", [&] { return load.run(entries).entries_per_second; },
        others);
  }
  const std::size_t most = crowds.back().clients;
  bench.note_memory(fmt::format("{} clients writing", most), kept.server(), most);
}

void meanwhile(Bench& bench) {
  Kept& kept = bench.large();
  Load load(kept.server(), 1);
  constexpr std::size_t enough = 1000;
  Figures halves[2];
  Figures ends[2];
  load.run(enough);
  for (int round = 0; round < rounds; ++round) {
    const Load::Outcome without = load.run(enough);
    Process search(kept.sandbox(), kept.client({"read", rare_word}), kept.sandbox().path("found"));
    const Load::Outcome with = load.run([&] { return !search.ended(); });
    halves[0].push_back(percentile(without.milliseconds, 0.5));
    halves[1].push_back(percentile(with.milliseconds, 0.5));
    ends[0].push_back(percentile(without.milliseconds, 0.99));
    ends[1].push_back(percentile(with.milliseconds, 0.99));
  }
  Table& table = bench.table();
  table.figure("a write while 1 GiB is searched, p50", median(halves[1]), "ms");
  table.beside("without the search", median(halves[1]), median(halves[0]), "ms");
  table.figure("a write while 1 GiB is searched, p99", median(ends[1]), "ms");
  table.beside("without the search", median(ends[1]), median(ends[0]), "ms", more_at_most(2, "ms"));
}

}  // namespace md2::bench

// Many clients that write at once, each waiting for its `saved`, as peers' benchmarks do it.
#include <fmt/format.h>

#include <array>
#include <optional>

#include "common/diary/entry.h"
#include "tests/bench/bench.h"
#include "tests/bench/floor.h"
#include "tests/bench/load.h"
#include "tests/bench/peers.h"
#include "tests/bench/process.h"

namespace md2::bench {
namespace {

constexpr double time_of_a_run = 0.7;  ///< seconds, about

struct WriterCrowd {
  std::size_t clients;
  double claim;  ///< times what redis-server does
};

constexpr std::array crowds = {WriterCrowd{1, 1.0}, WriterCrowd{16, 1.0}, WriterCrowd{64, 1.05}, WriterCrowd{256, 1.1}};

/// How many entries this machine saves in one run: with one client it may be a thousand, with many a hundred thousand.
std::size_t entries_of_a_run(Load& load, std::size_t clients) {
  load.run(clients * 20);  // the first are slower
  const double rate = load.run(clients * 40).entries_per_second;
  return clients * (static_cast<std::size_t>(rate * time_of_a_run) / clients + 1);
}

void measure_writers(Bench& bench, const WriterCrowd& crowd, Kept& kept, const Redis* redis) {
  const std::size_t clients = crowd.clients;
  Load load(kept.server(), clients);
  const std::size_t entries = entries_of_a_run(load, clients);
  Bare bare(kept.sandbox().path("bare"));
  const std::string batch(clients * entry_size, 'a');
  const Measure bare_appends = [&] {
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < entries / clients; ++i) bare.append(batch);
    return static_cast<double>(entries) / seconds(Clock::now() - begin);
  };
  std::vector<Beside> others{{fmt::format("write+fdatasync, {} at a time", clients), bare_appends}};
  if (bench.with_peers()) {
    const auto add = [&](const std::string& name, Redis::Kind kind, const Claim& claim) {
      Measure measure;
      if (redis != nullptr) measure = [=, &entries] { return redis->entries_per_second(kind, clients, entries); };
      others.push_back({"redis-server, appendfsync always, no TLS, " + name, measure, claim});
    };
    add("XADD", Redis::Kind::stream, ratio_at_least(crowd.claim));
    add("RPUSH", Redis::Kind::list, {});
  }
  bench.table().compare(
      fmt::format("entries saved, {} {}", clients, clients == 1 ? "client" : "clients"), "/s",
      [&] { return load.run(entries).entries_per_second; }, others);
}

}  // namespace

void writers(Bench& bench) {
  Kept kept(0);
  std::optional<Redis> redis;
  if (bench.with_peers() && Redis::installed()) redis.emplace(kept.sandbox());
  for (const WriterCrowd& crowd : crowds) measure_writers(bench, crowd, kept, redis ? &*redis : nullptr);
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

// What a large diary with many corrections costs, beside the same without.
#include <fmt/format.h>

#include <filesystem>

#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "tests/support/wire_client.h"

namespace md2::bench {

using namespace md2::test;

namespace {

constexpr std::size_t count = 100'000;
constexpr double bytes_of_one = 64;
constexpr std::size_t corrections_warm_up = 100;

bool ends(const Message& message) {
  if (message.verb == Verb::broken) throw Failure("the answer was broken: " + message.text);
  return message.verb == Verb::end;
}

/// From the question to its `end`.
double time_question(WireClient& wire, const std::string& query, std::uint64_t matches) {
  const auto begin = Clock::now();
  wire.send(Verb::r, 0, query);
  for (Message message = wire.next();; message = wire.next()) {
    if (!ends(message)) continue;
    if (message.number != matches) throw Failure(fmt::format("'{}' found {} entries", query, message.number));
    return milliseconds(Clock::now() - begin);
  }
}

Measure question(Kept& kept, const std::string& query, std::uint64_t matches) {
  return [query, matches, wire = std::make_shared<WireClient>(kept.server())] {
    return time_question(*wire, query, matches);
  };
}

void start_again(Kept& kept) {
  kept.stop();
  kept.server().start();
}

/// Of a server that has just started.
Measure first_question(Kept& kept, const std::string& query, std::uint64_t matches) {
  return [&kept, query, matches] {
    start_again(kept);
    WireClient wire(kept.server());
    return time_question(wire, query, matches);
  };
}

/// What one writer waits at most while the first reader waits for the corrections.
double worst_beside_first(Kept& kept) {
  kept.stop();
  std::filesystem::remove(kept.diary() + ".corrections");
  kept.server().start();
  Load writer(kept.server(), 1);
  writer.run(corrections_warm_up);
  WireClient reader(kept.server());
  reader.send(Verb::r, 0, "-10");
  const auto waits = [&] {
    reader.step();
    for (auto message = reader.take(); message; message = reader.take()) {
      if (ends(*message)) return false;
    }
    return true;
  };
  return percentile(writer.run(waits).milliseconds, 1);
}

double worst_beside_nobody(Kept& kept) {
  const auto end = Clock::now() + std::chrono::seconds(1);
  return percentile(Load(kept.server(), 1).run([&] { return Clock::now() < end; }).milliseconds, 1);
}

}  // namespace

void corrections(Bench& bench) {
  Kept& without = bench.large();
  Kept with(gibibyte / entry_size, count);
  Table& table = bench.table();
  table.compare(
      "a write beside the first look for 100,000 corrections, worst", "ms", [&] { return worst_beside_first(with); },
      {{"beside nobody", [&] { return worst_beside_nobody(with); }}}, at_most(20, "ms"));
  const auto row = [&](const std::string& name, auto measure, const char* query, std::uint64_t there,
                       std::uint64_t matches, const Claim& claim) {
    table.compare(name, "ms", measure(with, query, there),
                  {{"the same without", measure(without, query, matches), claim}});
  };
  row("a rare word in 1 GiB with 100,000 corrections", question, rare_word, 3, 3, ratio_at_most(1.3));
  row("the last ten of it", question, "-10", 10, 10, more_at_most(5, "ms"));
  row("the last ten of it, first question", first_question, "-10", 10, 10, more_at_most(5, "ms"));
  table.figure("server memory, 1 GiB with 100,000 corrections", peak_mebibytes(with.server().program().pid()), "MiB",
               at_most(16 + bytes_of_one * count / (1 << 20), "MiB"));
}

}  // namespace md2::bench

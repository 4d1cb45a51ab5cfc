#include "tests/bench/beside.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "common/os/error.h"
#include "tests/bench/load.h"
#include "tests/support/wire_client.h"

namespace md2::bench {

using namespace md2::test;

namespace {

constexpr auto time_with_nobody = std::chrono::seconds(1);
constexpr std::size_t warm_up = 100;
constexpr int between_signals = 100;  ///< milliseconds

double mebibytes(pid_t pid, const std::string& word) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string found; status >> found;) {
    double kibibytes = 0;
    if (found == word && status >> kibibytes) return kibibytes / 1024;
  }
  throw Error("the server's memory is not to be seen in /proc");
}

/// proc(5): VmHWM begins anew.
void forget_peak(pid_t pid) {
  std::ofstream(fmt::format("/proc/{}/clear_refs", pid)) << "5";
}

/// All have left when somebody new is served.
double memory_afterwards(ServerProgram& server) {
  for (int i = 0; i < 50; ++i) WireClient(server).send(Verb::quit);
  return mebibytes(server.program().pid(), "VmRSS:");
}

/// SIGHUP after SIGHUP, as long as it lives: each is heard when the server says that it has read its keys.
class Signals {
 public:
  explicit Signals(ServerProgram& server) : thread_([this, &server] { send(server.program()); }) {}

  /// What they waited, in milliseconds.
  Figures take() {
    over_ = true;
    thread_.join();
    return std::move(waited_);
  }

 private:
  void send(Program& program) {
    try {
      while (!over_) {
        const auto begin = Clock::now();
        program.signal(SIGHUP);
        program.expect_error("the keys were read again\n");
        waited_.push_back(milliseconds(Clock::now() - begin));
        poll(nullptr, 0, between_signals);
      }
    } catch (const Failure&) {
      waited_.push_back(milliseconds(patience()));  // never
    }
  }

  std::atomic<bool> over_ = false;
  Figures waited_;
  std::thread thread_;
};

/// Of one round after another.
struct Rounds {
  Figures middle, tail, worst;

  void add(const Figures& times) {
    middle.push_back(percentile(times, 0.5));
    tail.push_back(percentile(times, 0.99));
    worst.push_back(percentile(times, 1));
  }
};

Figures write_for(Load& writer, std::chrono::seconds time) {
  const auto end = Clock::now() + time;
  try {
    return writer.run([&] { return Clock::now() < end; }).milliseconds;
  } catch (const Failure&) {
    return {milliseconds(patience())};  // it was not served at all
  }
}

}  // namespace

void measure_beside(Bench& bench, const Row& row, const ServerFor& server_for) {
  Rounds alone, beside;
  Figures signals, most, afterwards;
  for (int round = 0; round < rounds; ++round) {
    ServerProgram& server = server_for().server();
    const pid_t pid = server.program().pid();
    Load writer(server, 1);
    writer.run(warm_up);
    alone.add(write_for(writer, time_with_nobody));
    forget_peak(pid);
    {
      Signals heard(server);
      const Neighbours there = row.begin(server);
      if (row.change) writer.hear_of_change();
      beside.add(write_for(writer, row.time));
      signals.push_back(percentile(heard.take(), 1));
    }
    most.push_back(mebibytes(pid, "VmHWM:"));
    afterwards.push_back(memory_afterwards(server));
  }
  Table& table = bench.table();
  const auto line = [&](const std::string& name, const Figures& with, const Figures& without, const Claim& claim) {
    table.figure(name, median(with), "ms", claim);
    table.beside("beside nobody", median(with), median(without), "ms");
  };
  line(fmt::format("a write beside {}, worst", row.name), beside.worst, alone.worst, row.worst);
  line("  p99", beside.tail, alone.tail, row.tail);
  line("  p50", beside.middle, alone.middle, {});
  table.figure("  a signal, worst", median(signals), "ms", at_most(100, "ms"));
  table.figure("  server memory, most", median(most), "MiB", row.memory);
  table.figure("  server memory, when they have left", median(afterwards), "MiB");
}

}  // namespace md2::bench

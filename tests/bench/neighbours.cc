// What one writer waits for its `saved` beside clients, and an owner, who ask for all that a server can be asked for;
// and the memory that the server takes meanwhile, and keeps when they have left.
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <string>

#include "common/os/error.h"
#include "tests/bench/beside.h"
#include "tests/bench/crowd.h"
#include "tests/bench/load.h"
#include "tests/bench/process.h"
#include "tests/support/entries.h"
#include "tests/support/messages.h"
#include "tests/support/repeated.h"
#include "tests/support/sockets.h"

namespace md2::bench {

using namespace md2::test;

namespace {

constexpr std::size_t small_diary = 300'000;     ///< entries: 60 MB
constexpr std::size_t large_import = 3'700'000;  ///< 740 MB

template <typename Begin, typename Hear>
Neighbours crowd(ServerProgram& server, std::size_t clients, Begin begin, Hear hear) {
  return std::make_shared<Crowd>(server, clients, std::move(begin), std::move(hear));
}

void ignore(WireClient& /*client*/, std::size_t /*number*/, const Message& /*message*/) {}

/// All rounds with one server of the row's own.
void measure(Bench& bench, const Row& row) {
  Kept kept(small_diary);
  measure_beside(bench, row, [&]() -> Kept& { return kept; });
}

/// An entry that nobody has written yet.
std::string unwritten() {
  static std::atomic<int> number = 0;
  return entry(number++, std::string(entry_text, 'n'));
}

/// Each writes `count` new entries with SINCE 0, and as many again when all are saved.
Neighbours late_writers(ServerProgram& server, std::size_t clients, std::size_t count) {
  const auto write = [count](WireClient& client, std::size_t /*number*/) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += message(Verb::write, 0, unwritten());
    client.send_raw(all);
  };
  auto answers = std::make_shared<std::vector<std::size_t>>(clients);
  return crowd(server, clients, write, [=](WireClient& client, std::size_t number, const Message& said) {
    if (said.verb == Verb::saved && ++(*answers)[number] % count == 0) write(client, number);
  });
}

/// Each asks the same again and again.
Neighbours askers(ServerProgram& server, std::size_t clients, const std::string& query) {
  const auto ask = [query](WireClient& client, std::size_t /*number*/) { client.send(Verb::r, 0, query); };
  return crowd(server, clients, ask, [=](WireClient& client, std::size_t number, const Message& said) {
    if (said.verb == Verb::end || said.verb == Verb::broken) ask(client, number);
  });
}

/// A word that is nearly there, everywhere.
std::string near_miss() {
  std::string word;
  while (word.size() < 2000) word += "xq";
  std::string mirrored(word.rbegin(), word.rend());
  return word + 'w' + mirrored;
}

/// What people do: some search, some write, all follow.
Neighbours ordinary(ServerProgram& server, std::size_t clients) {
  const auto act = [](WireClient& client, std::size_t number) {
    if (number % 5 == 0) {
      client.send(Verb::r, 0, rare_word);
    } else if (number % 5 == 1) {
      client.send(Verb::write, client.greeting().number, unwritten());
    }
  };
  const auto begin = [act](WireClient& client, std::size_t number) {
    client.send(Verb::hi, client.greeting().number);
    act(client, number);
  };
  return crowd(server, clients, begin, [=](WireClient& client, std::size_t number, const Message& said) {
    if (said.verb == Verb::end || said.verb == Verb::broken || said.verb == Verb::saved) act(client, number);
  });
}

/// 20 who follow and read nothing, and one who announces 69 MiB.
Neighbours announcements(ServerProgram& server) {
  struct There {
    std::vector<WireClient> deaf;
    Neighbours loud;
  };
  auto there = std::make_shared<There>();
  for (int i = 0; i < 20; ++i) {
    there->deaf.emplace_back(server).send(Verb::hi, there->deaf.front().greeting().number);
    there->deaf.back().expect(Verb::now);
  }
  there->loud = crowd(
      server, 1,
      [](WireClient& client, std::size_t) {
        for (int i = 0; i < 1100; ++i) client.send(Verb::announce, 0, std::string(64000, 'a'));
      },
      ignore);
  return there;
}

/// As many as one may ask for at once.
std::string most_searches() {
  return repeated(message(Verb::r, 0, near_miss()), 1023);
}

/// The same, and half a write of 1 MiB behind them.
Neighbours half_sent(ServerProgram& server, std::size_t clients) {
  return crowd(
      server, clients,
      [](WireClient& client, std::size_t) {
        client.send_raw(most_searches() + fmt::format("write 0 {}\n", 1 << 20) + std::string((1 << 20) - 1, 'h'));
      },
      ignore);
}

Neighbours searches_queued(ServerProgram& server, std::size_t clients) {
  const auto search = [](WireClient& client, std::size_t) { client.send_raw(most_searches()); };
  return crowd(server, clients, search, ignore);
}

/// An edit of the owner's. One client has written before it hears of that, so all of the diary has to be looked through
/// for its entry; the one that is measured has heard, and is to feel neither that nor the comparing.
void beside_change(Bench& bench, Row row, const std::function<void()>& change, const ServerFor& server_for) {
  Figures crossed;
  row.change = true;
  row.begin = [&](ServerProgram& server) {
    auto writer = std::make_shared<Load>(server, 1);
    change();
    return std::make_shared<std::jthread>(
        [&crossed, writer] { crossed.push_back(writer->run(1).milliseconds.front()); });
  };
  measure_beside(bench, row, server_for);
  bench.table().figure("  of the one that crossed it", median(crossed), "ms");
}

/// `sed -i` near the front of all that a server has saved; of a new one each time, which is all the work there is.
void beside_an_edit(Bench& bench, std::size_t entries, std::chrono::seconds time) {
  std::unique_ptr<Kept> kept;
  const auto import = [&]() -> Kept& {
    kept.reset();
    kept = std::make_unique<Kept>(0);
    Load(kept->server(), 64).run(entries);
    return *kept;
  };
  const auto edit = [&] { Process(kept->sandbox(), {"sed", "-i", "3s/^/now /", kept->diary()}).wait(); };
  const std::string name = fmt::format("an edit near the front of {} entries", entries);
  beside_change(bench, {name, {}, at_most(100, "ms"), {}, {}, time}, edit, import);
}

void beside_near_misses(Bench& bench) {
  Kept kept(1);
  {
    std::ofstream diary(kept.diary(), std::ios::app);
    const std::string part = near_miss().substr(0, 2000);
    std::string text;
    while (text.size() < 100'000) text += part;
    for (int i = 0; i < 600; ++i) diary << entry(i, text);
  }
  for (const std::size_t clients : {1U, 50U}) {
    const auto search = [&](ServerProgram& server) { return askers(server, clients, near_miss()); };
    measure_beside(bench, {fmt::format("{} who search for what is nearly there", clients), search},
                   [&]() -> Kept& { return kept; });
  }
}

void beside_replays(Bench& bench) {
  Kept kept(0);
  ServerProgram& server = kept.server();
  std::string hello;
  {
    Channel channel(server.tls());
    hello = channel.outgoing();
  }
  std::atomic<bool> over = false;
  std::thread playing([&] {
    std::vector<UniqueFd> sockets(600);
    std::array<char, 4096> answer;
    while (!over) {
      for (UniqueFd& socket : sockets) {
        if (socket) {
          const ssize_t count = recv(socket.get(), answer.data(), answer.size(), 0);
          if (count > 0 || (count < 0 && errno == EAGAIN)) continue;
        }
        socket = start_connect_to(server.address());
        (void)send(socket.get(), hello.data(), hello.size(), MSG_NOSIGNAL);
      }
    }
  });
  Figures times;
  for (int i = 0; i < 20; ++i) {
    const auto begin = Clock::now();
    try {
      const WireClient client(server);
      times.push_back(milliseconds(Clock::now() - begin));
    } catch (const Failure&) {
      times.push_back(milliseconds(Clock::now() - begin) + 30'000);  // kept out
    }
  }
  over = true;
  playing.join();
  bench.table().figure("to be let in beside 600 replays, p50", percentile(times, 0.5), "ms");
  bench.table().figure("  worst", percentile(times, 1), "ms", at_most(2000, "ms"));
}

}  // namespace

void neighbours(Bench& bench) {
  measure(bench, {"20 deaf followers and 69 MiB for them", announcements, at_most(60, "ms"), at_most(48, "MiB")});
  measure(bench, {"30 with 1,023 searches each", [](ServerProgram& at) { return searches_queued(at, 30); }});
  measure(bench, {"100 with as many, and half a write", [](ServerProgram& at) { return half_sent(at, 100); },
                  at_most(60, "ms"), at_most(96, "MiB")});
  beside_near_misses(bench);
  beside_an_edit(bench, small_diary, std::chrono::seconds(3));
  beside_replays(bench);
  Kept kept(gibibyte / entry_size + 1);
  const auto large = [&]() -> Kept& { return kept; };
  measure_beside(bench, {"5 who repeat a write at 0", [](ServerProgram& at) { return late_writers(at, 5, 1); }}, large);
  const auto importers = [](ServerProgram& at) { return late_writers(at, 240, 512); };
  measure_beside(bench, {"240 with 512 new entries at 0", importers}, large);
  const auto crowded = [](ServerProgram& at) { return ordinary(at, 250); };
  measure_beside(bench, {"250 who search, write and follow", crowded, {}, {}, at_most(40, "ms")}, large);
  const auto touch = [&] { Process(kept.sandbox(), {"touch", kept.diary()}).wait(); };
  beside_change(bench, {"an edit of 1 GiB", {}}, touch, large);
}

void millions(Bench& bench) {
  beside_an_edit(bench, large_import, std::chrono::seconds(15));
}

}  // namespace md2::bench

#include "server/server.h"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <numeric>
#include <string>
#include <utility>

#include "common/net/keys.h"
#include "common/net/message.h"
#include "common/net/socket.h"
#include "common/net/stream.h"
#include "tests/support/deadline.h"
#include "tests/support/entries.h"
#include "tests/support/fake_disk.h"
#include "tests/support/files.h"
#include "tests/support/sockets.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;
using namespace std::chrono_literals;

namespace {

/// What a Loop does to the signals of its program is undone at the end.
class KeptSignals {
 public:
  KeptSignals() {
    sigprocmask(SIG_SETMASK, nullptr, &mask_);
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], nullptr, &actions_[i]);
  }
  ~KeptSignals() {
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &actions_[i], nullptr);
    sigprocmask(SIG_SETMASK, &mask_, nullptr);
  }
  KeptSignals(const KeptSignals&) = delete;
  KeptSignals& operator=(const KeptSignals&) = delete;

 private:
  static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ, SIGTTIN};

  sigset_t mask_{};
  std::array<struct sigaction, signals.size()> actions_{};
};

struct HastyClock : Clock {
  std::chrono::seconds ahead{0};
  Steady steady() override { return Clock::steady() + ahead; }
};

/// Once in a turn, behind what the turn receives, the server looks whether the diary's file is still the same.
struct WatchedDisk : FakeDisk {
  std::function<void()> at_next_look;  ///< once
  int stat(Path path, Status& status) override {
    if (auto look = std::exchange(at_next_look, nullptr)) look();
    return FakeDisk::stat(path, status);
  }
  using FakeDisk::stat;
};

/// A server in this process that leaves when its last client has left.
struct ServerFixture {
  KeptSignals signals;
  TemporaryFolder folder;
  WatchedDisk disk;
  UseDisk use{disk};
  HastyClock clock;
  Server server{{Address{"127.0.0.1", "0"}, folder.path("diary"), folder.path("keys"), true, {}}, {}, clock};
  ClientTlsContext tls{read_keys(folder.path("keys")).value().front()};
  std::future<void> running;

  void start() {
    running = std::async(std::launch::async, [this] {
      const UseDisk its(disk);
      server.run();
    });
  }

  void wait_for_end() {
    REQUIRE(running.wait_for(patience()) == std::future_status::ready);
    running.get();
  }
};

class Client {
 public:
  explicit Client(ServerFixture& fixture)
      : stream_(start_connect_to(parse_address(fixture.server.address())), Channel(fixture.tls)) {
    CHECK(next().verb == Verb::greeting);
  }

  /// Messages that the server gets in one turn.
  void send(const std::string& bytes) {
    stream_.write(bytes);
    stream_.flush();
  }

  /// Bytes that wait in the socket of the server, which is a descriptor of this process.
  int unread() const {
    const in_port_t port = port_of(stream_.socket(), getsockname);
    for (int fd = 3; fd < FD_SETSIZE; ++fd) {
      int bytes = 0;
      if (port_of(fd, getpeername) == port && ioctl(fd, FIONREAD, &bytes) == 0) return bytes;
    }
    throw Failure("the server has no socket of this client");
  }

  Message next() {
    for (;;) {
      if (auto message = reader_.next()) return *std::move(message);
      std::string said;
      stream_.flush();
      if (!wait_readable(stream_.socket(), Deadline())) throw Failure("the server said nothing");
      if (stream_.receive(said)) reader_.feed(said);
      if (stream_.ended()) throw Failure("the server has ended the connection");
    }
  }

 private:
  static in_port_t port_of(int fd, int (*name)(int, sockaddr*, socklen_t*)) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    return name(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0 ? address.sin_port : 0;
  }

  Stream stream_;
  MessageReader reader_{Role::server};
};

std::string sent_message(Verb verb, std::uint64_t number = 0, std::string_view text = {}) {
  std::string bytes;
  append_message(bytes, verb, number, text);
  return bytes;
}

}  // namespace

TEST_CASE_FIXTURE(ServerFixture, "entries that come in one turn share one write and one sync") {
  const auto [writes, syncs] = std::pair(disk.writes, disk.syncs);
  start();
  {
    Client client(*this);
    client.send(sent_message(Verb::write, 0, entry(0)) + sent_message(Verb::write, 0, entry(1)));
    CHECK(client.next() == Message{Verb::saved, 0, {}});
    CHECK(client.next() == Message{Verb::saved, entry(0).size(), {}});
  }
  wait_for_end();
  CHECK(disk.writes == writes + 1);
  CHECK(disk.syncs == syncs + 1);
  CHECK(read_file(folder.path("diary")) == entries(0, 2));
}

TEST_CASE_FIXTURE(ServerFixture, "a turn takes about a MiB from all clients together, however many send at once") {
  constexpr int many = 40;
  constexpr int sent = 60 << 10;  ///< bytes of each
  start();
  {
    std::deque<Client> clients;
    for (int i = 0; i < many; ++i) clients.emplace_back(*this);
    const auto unread = [&clients] {
      return std::transform_reduce(clients.begin(), clients.end(), 0, std::plus<>(),
                                   [](const Client& client) { return client.unread(); });
    };
    std::promise<void> is_held;
    std::promise<void> goes_on;
    std::promise<int> left;
    disk.before_sync = [&, held = false]() mutable {
      if (std::exchange(held, true)) return;
      is_held.set_value();
      goes_on.get_future().wait();
      const auto next_turn = [&left, unread] { left.set_value(unread()); };
      disk.at_next_look = [&, next_turn] { disk.at_next_look = next_turn; };  // the first is behind the append
    };
    Client writer(*this);
    writer.send(sent_message(Verb::write, 0, entry(0)));
    is_held.get_future().wait();
    for (Client& client : clients) client.send(std::string(sent, ' '));
    const int all = unread();
    REQUIRE(all > many * sent);
    goes_on.set_value();
    const int received = all - left.get_future().get();
    CHECK(received > 0);
    CHECK(received <= (1 << 20));
  }
  wait_for_end();
}

TEST_CASE_FIXTURE(ServerFixture, "who follows hears what others write and announce, who does not hears nothing") {
  start();
  {
    Client reader(*this);
    reader.send(sent_message(Verb::hi));
    CHECK(reader.next() == Message{Verb::now, 0, {}, check_before({})});
    Client writer(*this);
    writer.send(sent_message(Verb::write, 0, entry(0)));
    CHECK(writer.next() == Message{Verb::saved, 0, {}});
    CHECK(reader.next() == Message{Verb::diary, 0, entry(0)});
    writer.send(sent_message(Verb::announce, 0, "tea"));
    CHECK(writer.next() == Message{Verb::announced, 1, {}});
    CHECK(reader.next() == Message{Verb::announce, 0, "tea"});
  }
  wait_for_end();
}

TEST_CASE_FIXTURE(ServerFixture, "what a client asked for in its last words is done") {
  start();
  Client(*this).send(sent_message(Verb::write, 0, entry(0)) + sent_message(Verb::quit));
  wait_for_end();
  CHECK(read_file(folder.path("diary")) == entry(0));
}

TEST_CASE_FIXTURE(ServerFixture, "a server that nobody came to for 10 s leaves") {
  clock.ahead = 10s;
  start();
  wait_for_end();
}

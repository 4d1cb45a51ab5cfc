#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/diary/diary.h"
#include "server/session.h"
#include "tests/sim/network.h"
#include "tests/sim/process.h"

namespace md2::sim {

/// A life of md2server: what Server does with Diary and Session, without sockets and TLS.
class SimServer {
 public:
  using Outcome = Process::Outcome;

  SimServer(Files& files, Interference& world, SimClock& clock, int number, Random& random, std::string path)
      : process_(files, world, clock, number),
        random_(random),
        path_(std::move(path)),
        turn_(process_.clock(), turn_length) {}
  ~SimServer();
  SimServer(const SimServer&) = delete;
  SimServer& operator=(const SimServer&) = delete;

  /// After any other outcome than `fine` it is over.
  Outcome start();
  Outcome turn();

  /// SIGTERM: the answers for what is on disk go out, clients get `bye`.
  Outcome stop();

  void accept(std::shared_ptr<Connection> connection);
  void kill() { process_.kill(); }

  int number() const { return process_.number(); }
  const std::string& error() const { return process_.error(); }
  const std::string& path() const { return path_; }

  /// What it has reported so far, and forgets.
  std::vector<std::string> take_reports() { return std::exchange(reports_, {}); }

 private:
  /// Shorter than what passes between two readings of the clock: who works second in a turn is left out.
  static constexpr std::chrono::microseconds turn_length{2};

  struct Client {
    std::shared_ptr<Connection> connection;
    Session session;
    bool finished = false;
  };

  void take_turn();
  void receive(Client& client);
  void send(Client& client);

  Process process_;
  Random& random_;
  std::string path_;
  std::vector<std::string> reports_;
  std::optional<Diary> diary_;
  std::string identity_;
  Turn turn_;
  std::list<Client> clients_;
};

}  // namespace md2::sim

#include "tests/sim/sim_server.h"

#include <algorithm>
#include <utility>

#include "server/diary/identity.h"

namespace md2::sim {

SimServer::~SimServer() {
  process_.run_destructors([this] {
    clients_.clear();
    diary_.reset();
  });
}

SimServer::Outcome SimServer::start() {
  return process_.run([this] {
    const auto report = [this](std::string line) { reports_.push_back(std::move(line)); };
    diary_.emplace(path_, report, process_.clock());
    identity_ = identify_diary(diary_->real_path(), std::string(32, '0')).id;
    diary_->serve_at("127.0.0.1:5000");
  });
}

void SimServer::accept(std::shared_ptr<Connection> connection) {
  const auto announce = [this](std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(clients_.begin(), clients_.end(),
                      [shared = announcement(text)](Client& client) { return client.session.announce(shared); }));
  };
  clients_.push_back({std::move(connection), Session(*diary_, identity_, announce, turn_)});
  clients_.back().session.greet();
}

SimServer::Outcome SimServer::turn() {
  return process_.run([this] { take_turn(); });
}

/// As Server::turn.
void SimServer::take_turn() {
  for (Client& client : clients_) receive(client);
  if (const auto change = diary_->check_for_changes(); change != Diary::Change::none) {
    for (Client& client : clients_) client.session.changed(change, diary_->unchanged_up_to());
  }
  const auto number_of = [](const Client& client) { return client.session.number(); };
  turn_.requests.serve(clients_, number_of, [](Client& client) { client.session.handle_requests(); });
  const Commit commit = diary_->commit();
  turn_.answers.serve(clients_, number_of, [&](Client& client) {
    client.session.committed(commit);
    send(client);
  });
  clients_.remove_if([](const Client& client) { return client.finished; });
}

/// As Connection::receive: what a client asked for before its connection broke is still done.
void SimServer::receive(Client& client) {
  Wire& wire = client.connection->to_server;
  if (client.session.wants_input()) {
    const std::string said = wire.receive(process_.clock().steady().time_since_epoch() / std::chrono::microseconds(1),
                                          random_.between(1, 4000));
    if (!said.empty()) client.session.receive(said);
  }
  if (wire.ended()) client.finished = true;
}

/// As Connection::send, with smaller slices, so that small answers take many turns, too.
void SimServer::send(Client& client) {
  if (client.finished) {
    client.connection->to_client.close();
    return;
  }
  std::string said;
  client.session.produce(said, random_.between(80, 3000));
  const std::int64_t now = process_.clock().steady().time_since_epoch() / std::chrono::microseconds(1);
  client.connection->to_client.send(said, now + delay(random_));
  if (!client.session.ended()) return;
  client.connection->to_client.close();
  client.finished = true;
}

SimServer::Outcome SimServer::stop() {
  return process_.run([this] {
    for (Client& client : clients_) {
      client.session.say_bye("the server ends; what was saved is in the diary");
      send(client);
    }
    for (int turns = 0; !clients_.empty() && turns < 20; ++turns) take_turn();
  });
}

}  // namespace md2::sim

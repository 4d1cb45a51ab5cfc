#include "common/net/stream.h"

#include <doctest/doctest.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <optional>
#include <string>

#include "common/os/error.h"

using namespace md2;

namespace {

Key some_key() {
  Key key;
  key.identity = "laptop";
  key.secret.fill(7);
  return key;
}

/// Two streams, end to end over a socketpair(2).
struct Pair {
  ServerTlsContext server_tls{{some_key()}};
  ClientTlsContext client_tls{some_key()};
  std::optional<Stream> server;
  std::optional<Stream> client;

  Pair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) throw_errno("no sockets");
    server.emplace(UniqueFd(ends[0]), Channel(server_tls));
    client.emplace(UniqueFd(ends[1]), Channel(client_tls));
  }

  /// Moves bytes until neither has anything; what was said is appended.
  void exchange(std::string& to_server, std::string& to_client) {
    for (bool moved = true; moved;) {
      client->flush();
      moved = server->receive(to_server);
      server->flush();
      moved = client->receive(to_client) || moved;
    }
  }
};

}  // namespace

TEST_CASE_FIXTURE(Pair, "what one side writes the other receives, however much it is") {
  const std::string much(3 << 20, 'x');
  client->write("early");
  server->write(much);
  std::string to_server, to_client;
  exchange(to_server, to_client);
  CHECK(to_server == "early");
  CHECK(to_client == much);
  CHECK(server->unsent() == 0);
}

TEST_CASE_FIXTURE(Pair, "a socket that takes no more leaves the rest unsent, and that is no error") {
  std::string to_server, to_client;
  exchange(to_server, to_client);
  server->write(std::string(8 << 20, 'x'));
  CHECK(server->flush());
  CHECK(server->unsent() > 0);
  CHECK(server->error() == "");
}

TEST_CASE_FIXTURE(Pair, "no more is taken from the socket than is asked for") {
  std::string to_server, to_client;
  exchange(to_server, to_client);
  client->write(std::string(100'000, 'x'));
  client->flush();
  int before = 0, after = 0;
  REQUIRE(ioctl(server->socket(), FIONREAD, &before) == 0);
  CHECK(server->receive(to_server, Channel::all_records, 4096));
  REQUIRE(ioctl(server->socket(), FIONREAD, &after) == 0);
  CHECK(before - after == 4096);
}

TEST_CASE_FIXTURE(Pair, "nothing to receive is false, the end of the connection is not") {
  std::string said;
  CHECK_FALSE(client->receive(said));
  server.reset();
  CHECK(client->receive(said));
  CHECK(client->ended());
  CHECK(client->error() == "");
  CHECK(client->channel().state() == Channel::State::truncated);
  CHECK_FALSE(client->receive(said));
}

TEST_CASE_FIXTURE(Pair, "last words can be received after the connection broke") {
  std::string to_server, to_client;
  exchange(to_server, to_client);
  server->write("bye");
  server->flush();
  server.reset();
  client->write("too late");
  CHECK_FALSE(client->flush());
  CHECK(client->error() == "the connection broke: Broken pipe");
  CHECK(client->receive(to_client));
  CHECK(to_client == "bye");
}

TEST_CASE_FIXTURE(Pair, "who has finished sending still receives") {
  std::string to_server, to_client;
  exchange(to_server, to_client);
  server->channel().close();
  server->flush();
  server->finish_sending();
  client->write("one more");
  CHECK(client->flush());
  CHECK(client->receive(to_client));
  CHECK(client->channel().state() == Channel::State::closed);
  CHECK(server->receive(to_server));
  CHECK_FALSE(server->ended());
}

#include "server/connection.h"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>

#include "common/os/error.h"
#include "tests/support/entries.h"
#include "tests/support/hush.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;
using Phase = Connection::Phase;

namespace {

Key key_with(unsigned char byte) {
  Key key;
  key.identity = "laptop";
  key.secret.fill(byte);
  return key;
}

/// A connection, and the client's end of its socket.
struct ConnectionFixture {
  test::TemporaryFolder folder;
  Diary diary{folder.path("diary"), [](const std::string&) {}};
  ServerTlsContext server_tls{{key_with(7)}};
  ClientTlsContext client_tls{key_with(7)};
  Hellos hellos;
  std::optional<Connection> connection;
  std::optional<Stream> client;
  std::string heard;

  ConnectionFixture() { connect(client_tls); }

  void connect(ClientTlsContext& tls) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) throw_errno("no sockets");
    connection.emplace(UniqueFd(ends[0]), Channel(server_tls), Session(diary, some_identity, to_nobody), hellos);
    client.emplace(UniqueFd(ends[1]), Channel(tls));
  }

  /// Turns of the server, as many as it takes until nothing moves.
  void exchange() {
    for (int turn = 0; turn < 20; ++turn) {
      client->flush();
      connection->receive();
      connection->session().handle_requests();
      connection->send();
      client->receive(heard);
    }
  }
};

}  // namespace

TEST_CASE_FIXTURE(ConnectionFixture, "a client with a key is greeted and served") {
  CHECK(connection->phase() == Phase::opening);
  CHECK(connection->unproved());
  CHECK(connection->deadline());
  exchange();
  CHECK(connection->phase() == Phase::serving);
  CHECK_FALSE(connection->unproved());
  CHECK_FALSE(connection->deadline());
  CHECK(heard.starts_with("md2 "));
}

TEST_CASE_FIXTURE(ConnectionFixture,
                  "after quit the answers go out, and the connection is over when the client has gone") {
  client->write("hi\nquit\n");
  exchange();
  CHECK(heard.find(message(Verb::now, 0, {}, check_before({}))) != std::string::npos);
  CHECK(heard.find("bye ") != std::string::npos);
  CHECK(connection->phase() == Phase::leaving);
  CHECK(connection->deadline());
  client.reset();
  connection->receive();
  CHECK(connection->phase() == Phase::finished);
  CHECK(connection->fault() == "");
}

TEST_CASE_FIXTURE(ConnectionFixture, "who goes without a word in the middle of the handshake is named in the log") {
  client.reset();
  connection->receive();
  CHECK(connection->phase() == Phase::finished);
  CHECK(connection->fault() == "it left before the handshake was done");
}

TEST_CASE_FIXTURE(ConnectionFixture, "a wrong key gets its alert before the connection is over") {
  ClientTlsContext stranger{key_with(8)};
  connect(stranger);
  exchange();
  CHECK(connection->phase() == Phase::leaving);
  CHECK(connection->fault() == "the client's key 'laptop' is another than the one of that name in the key file");
  CHECK(client->channel().fault_kind() == Channel::Fault::refused_key);
  client.reset();
}

TEST_CASE_FIXTURE(ConnectionFixture, "who plays back the hello of another connection has proved nothing") {
  const std::string hello(client->channel().outgoing());
  exchange();
  CHECK_FALSE(connection->unproved());
  for (int times = 0; times < 2; ++times) {
    connect(client_tls);
    REQUIRE(::send(client->socket(), hello.data(), hello.size(), 0) == static_cast<ssize_t>(hello.size()));
    connection->receive();
    CHECK(connection->phase() == Phase::opening);
    CHECK(connection->unproved());
  }
  connect(client_tls);
  client->flush();
  connection->receive();
  CHECK_FALSE(connection->unproved());
}

TEST_CASE_FIXTURE(ConnectionFixture, "strangers with a wrong key do not make the server forget a hello") {
  const std::string hello(client->channel().outgoing());
  exchange();
  ClientTlsContext stranger{key_with(8)};
  for (std::size_t i = 0; i <= Hellos::most; ++i) {
    connect(stranger);
    client->flush();
    connection->receive();
  }
  connect(client_tls);
  REQUIRE(::send(client->socket(), hello.data(), hello.size(), 0) == static_cast<ssize_t>(hello.size()));
  connection->receive();
  CHECK(connection->unproved());
}

TEST_CASE_FIXTURE(ConnectionFixture, "a handshake that takes too long expires") {
  connection->expire();
  CHECK(connection->phase() == Phase::finished);
  CHECK(connection->fault() == "its handshake took more than 10 s");
}

TEST_CASE_FIXTURE(ConnectionFixture,
                  "what comes in crumbs is taken in a few turns, without another word from the client") {
  exchange();
  const std::string request = message(Verb::announce, 0, std::string(200, 'x'));
  for (const char byte : request) client->write({&byte, 1});
  client->flush();
  heard.clear();
  int turns = 0;
  for (connection->receive(); connection->has_input(); connection->receive()) ++turns;
  CHECK(turns > 5);
  connection->session().handle_requests();
  connection->send();
  client->receive(heard);
  CHECK(heard == message(Verb::announced, 0));
}

TEST_CASE_FIXTURE(ConnectionFixture, "a client that is asked to leave is told why") {
  exchange();
  connection->leave("good night");
  exchange();
  CHECK(heard.ends_with("bye 10\ngood night\n"));
  CHECK(connection->phase() == Phase::leaving);
}

TEST_CASE_FIXTURE(ConnectionFixture, "who is parted from hears why, and is not waited for when he takes nothing") {
  using Clock = Loop::Clock;
  exchange();
  const auto limit = Clock::now() + std::chrono::hours(1);
  SUBCASE("idle") {}
  SUBCASE("in the middle of an answer that his system can't take") {
    diary.add(entry(1, std::string(1 << 20, 'x')));
    diary.commit();
    client->write("hi\n");
    client->flush();
    for (int turn = 0; turn < 20; ++turn) {
      connection->receive();
      connection->session().handle_requests();
      connection->send();
    }
  }
  connection->part("the end", limit);
  REQUIRE(connection->deadline());
  CHECK(*connection->deadline() < Clock::now() + std::chrono::seconds(1));
  connection->send();
  const bool reads = connection->phase() == Phase::serving;
  if (reads) {  // a part at a time: he is waited for as long as he takes something
    for (int parts = 0; parts < 2; ++parts) {
      std::array<char, 90000> part;
      REQUIRE(::recv(client->socket(), part.data(), part.size(), 0) > 0);
      connection->expire();
      CHECK(connection->phase() != Phase::finished);
      CHECK(*connection->deadline() < Clock::now() + std::chrono::seconds(1));
    }
  }
  connection->expire();
  CHECK(connection->phase() == Phase::finished);
  CHECK(connection->fault() == "");
  if (reads) return;
  connection.reset();
  client->receive(heard);
  CHECK(heard.find("bye ") != std::string::npos);
}

TEST_CASE_FIXTURE(ConnectionFixture, "who takes something for ever is waited for until the limit") {
  exchange();
  connection->part("the end", Loop::Clock::now());
  CHECK(*connection->deadline() <= Loop::Clock::now());
  connection->send();
  client->receive(heard);
  connection->expire();
  CHECK(connection->phase() == Phase::finished);
}

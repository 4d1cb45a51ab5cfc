#include "common/net/channel.h"

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "tests/common/net/channel_pair.h"

using namespace md2;
using namespace md2::test;
using State = Channel::State;
using Fault = Channel::Fault;

namespace {

/// The channel's key is still among the server's, or it has named none.
bool holds(const ServerTlsContext& tls, const Channel& channel) {
  return channel.key() == nullptr || tls.holds(*channel.key());
}

/// A client that does with TLS what no channel does.
struct RawClient {
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl;

  explicit RawClient(ClientTlsContext& tls) : ssl(SSL_new(tls.context()), SSL_free) {
    SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl.get());
  }

  std::string outgoing() const {
    std::string bytes(BIO_ctrl_pending(SSL_get_wbio(ssl.get())), '\0');
    if (!bytes.empty()) BIO_read(SSL_get_wbio(ssl.get()), bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
  }

  void take(std::string_view bytes) const {
    BIO_write(SSL_get_rbio(ssl.get()), bytes.data(), static_cast<int>(bytes.size()));
  }

  void shake(Channel& server) const {
    for (int i = 0; i < 3; ++i) {
      SSL_do_handshake(ssl.get());
      server.receive(outgoing());
      take(server.outgoing());
      server.sent(server.outgoing().size());
    }
    REQUIRE(server.state() == State::open);
  }
};

}  // namespace

TEST_CASE("who has the key gets through, and what either says arrives") {
  ChannelPair pair;
  CHECK(pair.client.state() == State::handshaking);
  CHECK(pair.server.state() == State::handshaking);
  pair.server.write("md2 2 v 0\n");  // kept until the handshake is done
  pair.client.write("hi\n");
  CHECK(read_all(pair.client).empty());
  pair.exchange();
  CHECK(pair.client.state() == State::open);
  CHECK(pair.server.state() == State::open);
  CHECK(pair.client.identity() == "laptop");
  CHECK(pair.server.identity() == "laptop");
  CHECK(read_all(pair.client) == "md2 2 v 0\n");
  CHECK(read_all(pair.server) == "hi\n");
  pair.client.write("quit\n");
  pair.client.write("");
  pair.exchange();
  CHECK(read_all(pair.server) == "quit\n");
  CHECK(pair.server.fault_kind() == Fault::none);
}

TEST_CASE("each of several keys gets through under its own name") {
  ChannelPair pair(tablet);
  pair.exchange();
  CHECK(pair.server.state() == State::open);
  CHECK(pair.server.identity() == "tablet");
}

TEST_CASE("it does not matter how the bytes are cut") {
  for (const std::size_t step : {1u, 2u, 3u, 5u, 7u, 64u, 1000u}) {
    CAPTURE(step);
    ChannelPair pair;
    pair.client.write("hi 7\n");
    pair.server.write("md2 2 v 0\n");
    pair.exchange(step);
    CHECK(read_all(pair.server) == "hi 7\n");
    CHECK(read_all(pair.client) == "md2 2 v 0\n");
    pair.client.close();
    pair.exchange(step);
    CHECK(read_all(pair.server).empty());
    CHECK(pair.server.state() == State::closed);
  }
}

TEST_CASE("a stream cut at any byte is truncated, never closed, and gives no byte that was not said") {
  ChannelPair whole;
  whole.client.write("hi\n");
  whole.exchange();
  whole.client.close();
  whole.exchange();
  for (std::size_t length = 0; length < whole.to_server.size(); ++length) {
    CAPTURE(length);
    ChannelPair pair;
    pair.client.write("hi\n");
    const auto feed = [&](std::string_view bytes, std::size_t sent) {
      if (sent < length) pair.server.receive(bytes.substr(0, length - sent));
    };
    std::size_t sent = 0;
    for (int i = 0; i < 3; ++i) {
      const std::string part(pair.client.outgoing());
      pair.client.sent(part.size());
      feed(part, sent);
      sent += part.size();
      carry(pair.server, pair.client);
      if (i == 1) pair.client.close();
    }
    pair.server.receive_end();
    const std::string said = read_all(pair.server);
    CHECK((said.empty() || said == "hi\n"));
    CHECK(pair.server.state() == State::truncated);
    pair.server.write("too late, but harmless");
    pair.server.close();
  }
}

TEST_CASE("a proper end is closed, after everything before it was read, and may still be answered") {
  ChannelPair pair;
  pair.exchange();
  pair.client.write(std::string(3000, 'x'));
  pair.client.close();
  CHECK(pair.client.state() == State::closed);
  pair.client.write("never said");
  pair.exchange();
  std::string out;
  CHECK(pair.server.read(out, 1000));
  CHECK(out.size() == 1000);
  CHECK(pair.server.state() == State::open);
  CHECK(read_all(pair.server) == std::string(2000, 'x'));
  CHECK(pair.server.state() == State::closed);
  pair.server.write("bye");
  CHECK_FALSE(pair.server.outgoing().empty());
  pair.server.close();
  pair.server.receive_end();
  CHECK(pair.server.state() == State::closed);
  pair.server.sent(pair.server.outgoing().size());
  pair.server.write("never said");
  CHECK(pair.server.outgoing().empty());
}

TEST_CASE("a close in the middle of the handshake says nothing") {
  ChannelPair pair;
  carry(pair.client, pair.server);
  pair.server.sent(pair.server.outgoing().size());
  pair.server.write("kept");
  pair.server.close();
  CHECK(pair.server.state() == State::closed);
  CHECK(pair.server.outgoing().empty());
}

TEST_CASE("keys can be replaced while channels are open") {
  ChannelPair old;
  old.exchange();
  Channel unfinished(old.server_tls);
  Channel client(old.client_tls);
  CHECK(holds(old.server_tls, unfinished));  // it has named no key
  carry(client, unfinished);
  CHECK(holds(old.server_tls, old.server));

  old.server_tls.replace_keys({tablet});
  CHECK_FALSE(holds(old.server_tls, old.server));
  CHECK_FALSE(holds(old.server_tls, unfinished));
  old.client.write("said until the owner of the channel closes it");
  old.exchange();
  CHECK_FALSE(read_all(old.server).empty());

  Channel refused(old.server_tls);
  Channel again(old.client_tls);
  carry(again, refused);
  CHECK(refused.fault_kind() == Fault::refused_key);

  old.server_tls.replace_keys({make_key("laptop", 0x33)});  // the same name, another secret
  CHECK_FALSE(holds(old.server_tls, old.server));
  old.server_tls.replace_keys({tablet, laptop});
  CHECK(holds(old.server_tls, old.server));
  old.server_tls.replace_keys({});
  CHECK_FALSE(holds(old.server_tls, old.server));
}

TEST_CASE("much goes through in both directions, however it is cut") {
  std::string text;
  for (int i = 0; text.size() < (3u << 20); ++i) text += std::to_string(i) + ' ';
  for (const std::size_t step : {1000u, 16384u, 65536u, 5000000u}) {
    CAPTURE(step);
    ChannelPair pair;
    pair.exchange();
    pair.server.write(text);
    pair.client.write(text);
    CHECK(pair.server.congested());
    std::string at_client;
    std::string at_server;
    while (!pair.server.outgoing().empty() || !pair.client.outgoing().empty()) {
      const std::string down(pair.server.outgoing().substr(0, step));
      pair.server.sent(down.size());
      pair.client.receive(down);
      at_client += read_all(pair.client);
      const std::string up(pair.client.outgoing().substr(0, step));
      pair.client.sent(up.size());
      pair.server.receive(up);
      at_server += read_all(pair.server);
    }
    CHECK_FALSE(pair.server.congested());
    CHECK(at_client == text);
    CHECK(at_server == text);
  }
}

TEST_CASE("what is kept before the handshake is done counts as congestion") {
  ChannelPair pair;
  pair.server.write(std::string(Channel::high_water, 'x'));
  CHECK_FALSE(pair.server.congested());
  pair.server.write("x");
  CHECK(pair.server.congested());
}

TEST_CASE("a channel can be moved while it is open") {
  ChannelPair pair;
  carry(pair.client, pair.server);
  Channel moved(std::move(pair.server));
  carry(moved, pair.client);
  pair.client.write("hi\n");
  carry(pair.client, moved);
  CHECK(read_all(moved) == "hi\n");
}

TEST_CASE("records that hold little are read a few at a time, and none is forgotten") {
  ChannelPair pair;
  pair.exchange();
  for (int i = 0; i < 10; ++i) pair.client.write("x");
  pair.exchange();
  std::string said;
  CHECK(pair.server.read(said, 1000, 4));
  CHECK(said.size() == 4);
  CHECK(pair.server.has_more());
  pair.server.read(said, 1000, 4);
  pair.server.read(said, 1000, 4);
  CHECK(said.size() == 10);
  CHECK_FALSE(pair.server.has_more());
}

TEST_CASE("a record of which a part came is nothing that can be read on") {
  ChannelPair pair;
  pair.exchange();
  pair.client.write("x");
  const std::string record(pair.client.outgoing());
  pair.server.receive(record.substr(0, record.size() - 1));
  std::string said;
  CHECK_FALSE(pair.server.read(said, 1000, 1));
  pair.server.read(said, 1000, 1);
  CHECK_FALSE(pair.server.has_more());
  pair.server.receive(record.substr(record.size() - 1));
  CHECK(pair.server.read(said, 1000, 1));
}

TEST_CASE("a peer that changes its keys over and over is read a few records at a time") {
  ServerTlsContext server_tls({laptop});
  ClientTlsContext client_tls(laptop);
  Channel server(server_tls);
  const RawClient client(client_tls);
  client.shake(server);
  constexpr int updates = 1000;
  for (int i = 0; i < updates; ++i) {
    SSL_key_update(client.ssl.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
    SSL_do_handshake(client.ssl.get());
  }
  SSL_write(client.ssl.get(), "hi", 2);
  server.receive(client.outgoing());
  std::string said;
  int reads = 1;
  while (!server.read(said, 1000, 10) && server.has_more()) ++reads;
  CHECK(reads >= updates / 10);
  CHECK(said == "hi");
  CHECK(server.state() == State::open);
}

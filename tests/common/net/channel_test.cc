#include "common/net/channel.h"

#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <utility>

namespace md2 {
namespace {

using State = Channel::State;
using Fault = Channel::Fault;

Key make_key(const std::string& identity, unsigned char fill) {
  Key key;
  key.identity = identity;
  key.secret.fill(fill);
  return key;
}

const Key laptop = make_key("laptop", 0x11);
const Key tablet = make_key("tablet", 0x22);

/// Moves what `from` has to say, in parts of `step` bytes, and returns it.
std::string carry(Channel& from, Channel& to, std::size_t step = std::string::npos) {
  std::string said;
  while (!from.outgoing().empty()) {
    const std::string part(from.outgoing().substr(0, step));
    from.sent(part.size());
    to.receive(part);
    said += part;
  }
  return said;
}

std::string read_all(Channel& channel) {
  std::string out;
  while (channel.read(out, 1000)) {
  }
  return out;
}

/// A server and a client that hold the same key, unless said otherwise.
struct Pair {
  explicit Pair(const Key& client_key = laptop) : client_tls(client_key) {}

  /// Until neither has anything to say. What crossed the wire is kept in `wire`.
  void exchange(std::size_t step = std::string::npos) {
    while (!client.outgoing().empty() || !server.outgoing().empty()) {
      to_server += carry(client, server, step);
      to_client += carry(server, client, step);
    }
  }

  ServerTls server_tls{{laptop, tablet}};
  ClientTls client_tls;
  Channel server{server_tls};
  Channel client{client_tls};
  std::string to_server;
  std::string to_client;
};

/// The channel's key is still among the server's, or it has named none.
bool holds(const ServerTls& tls, const Channel& channel) {
  return channel.key() == nullptr || tls.holds(*channel.key());
}

/// Somebody else's TLS over memory BIOs: as a server an impostor, as a client a stranger.
class Plain {
 public:
  Plain(const SSL_METHOD* method, int version) : context_(SSL_CTX_new(method), SSL_CTX_free) {
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
  }

  /// Gives it a certificate that nobody has signed but itself.
  void certify() {
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
    REQUIRE(SSL_CTX_use_certificate(context_.get(), certificate.get()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(context_.get(), key.get()) == 1);
  }

  SSL* start(bool server) {
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    server ? SSL_set_accept_state(ssl_.get()) : SSL_set_connect_state(ssl_.get());
    SSL_do_handshake(ssl_.get());
    return ssl_.get();
  }

  void exchange(Channel& other) {
    for (bool moved = true; moved;) {
      moved = !other.outgoing().empty();
      BIO_write(SSL_get_rbio(ssl_.get()), other.outgoing().data(), static_cast<int>(other.outgoing().size()));
      other.sent(other.outgoing().size());
      SSL_do_handshake(ssl_.get());
      char bytes[8192];
      for (int size; (size = BIO_read(SSL_get_wbio(ssl_.get()), bytes, sizeof bytes)) > 0; moved = true) {
        said.append(bytes, static_cast<std::size_t>(size));
        other.receive({bytes, static_cast<std::size_t>(size)});
      }
    }
    ERR_clear_error();
  }

  std::string said;

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{nullptr, SSL_free};
};

/// What the server says to a client with that key.
std::string refusal_of(const Key& key) {
  Pair pair(key);
  pair.exchange();
  CHECK(pair.server.state() == State::failed);
  CHECK(pair.server.fault_kind() == Fault::refused_key);
  CHECK(pair.server.identity().empty());
  CHECK(pair.client.state() == State::failed);
  CHECK(pair.client.fault_kind() == Fault::refused_key);
  CHECK(pair.client.identity().empty());
  CHECK(pair.client.fault().find("'" + key.identity + "'") != std::string::npos);
  return pair.to_client;
}

}  // namespace

TEST_CASE("who has the key gets through, and what either says arrives") {
  Pair pair;
  CHECK(pair.client.state() == State::handshaking);
  CHECK(pair.server.state() == State::handshaking);
  pair.server.write("md2 1 v 0\n");  // kept until the handshake is done
  pair.client.write("hi\n");
  CHECK(read_all(pair.client).empty());
  pair.exchange();
  CHECK(pair.client.state() == State::open);
  CHECK(pair.server.state() == State::open);
  CHECK(pair.client.identity() == "laptop");
  CHECK(pair.server.identity() == "laptop");
  CHECK(read_all(pair.client) == "md2 1 v 0\n");
  CHECK(read_all(pair.server) == "hi\n");
  pair.client.write("quit\n");
  pair.client.write("");
  pair.exchange();
  CHECK(read_all(pair.server) == "quit\n");
  CHECK(pair.server.fault_kind() == Fault::none);
}

TEST_CASE("each of several keys gets through under its own name") {
  Pair pair(tablet);
  pair.exchange();
  CHECK(pair.server.state() == State::open);
  CHECK(pair.server.identity() == "tablet");
}

TEST_CASE("it does not matter how the bytes are cut") {
  for (const std::size_t step : {1u, 2u, 3u, 5u, 7u, 64u, 1000u}) {
    CAPTURE(step);
    Pair pair;
    pair.client.write("hi 7\n");
    pair.server.write("md2 1 v 0\n");
    pair.exchange(step);
    CHECK(read_all(pair.server) == "hi 7\n");
    CHECK(read_all(pair.client) == "md2 1 v 0\n");
    pair.client.close();
    pair.exchange(step);
    CHECK(read_all(pair.server).empty());
    CHECK(pair.server.state() == State::closed);
  }
}

TEST_CASE("a stream cut at any byte is truncated, never closed, and gives no byte that was not said") {
  Pair whole;
  whole.client.write("hi\n");
  whole.exchange();
  whole.client.close();
  whole.exchange();
  for (std::size_t length = 0; length < whole.to_server.size(); ++length) {
    CAPTURE(length);
    Pair pair;
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

TEST_CASE("a wrong key and an unknown identity get the same answer to the byte") {
  const std::string wrong = refusal_of(make_key("laptop", 0x12));
  const std::string unknown = refusal_of(make_key("nobody", 0x11));
  CHECK(wrong.size() == 7);  // one alert record
  CHECK(wrong == unknown);
  CHECK(wrong == refusal_of(make_key(std::string(64, 'x'), 0x22)));
  CHECK(wrong == refusal_of(make_key("lapto", 0x11)));
}

TEST_CASE("the server's reason tells its owner which name was tried, in one clean line") {
  const auto reason = [](const Key& key) {
    Pair pair(key);
    pair.exchange();
    return pair.server.fault();
  };
  CHECK(reason(make_key("laptop", 0x12)).find("known identity 'laptop'") != std::string::npos);
  CHECK(reason(make_key("x\ny\x1b[2J", 1)).find("unknown identity 'x?y?[2J'") != std::string::npos);
}

TEST_CASE("a client that speaks TLS without a key, or an older TLS, is told no more than an alert") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    CAPTURE(version);
    Pair pair;
    Plain stranger(TLS_client_method(), version);
    SSL* const ssl = stranger.start(false);
    stranger.exchange(pair.server);
    CHECK_FALSE(SSL_is_init_finished(ssl));
    CHECK(pair.server.state() == State::failed);
    CHECK(pair.server.fault_kind() == (version == TLS1_3_VERSION ? Fault::refused_key : Fault::protocol));
    CHECK_FALSE(pair.server.fault().empty());
  }
}

TEST_CASE("an impostor with a certificate is refused before it hears a word") {
  Pair pair;
  Plain impostor(TLS_server_method(), TLS1_3_VERSION);
  impostor.certify();
  SSL* const ssl = impostor.start(true);
  pair.client.write("write 0 5\nmy secret\n");
  impostor.exchange(pair.client);
  CHECK(pair.client.state() == State::failed);
  CHECK(pair.client.fault_kind() == Fault::impostor);
  CHECK(pair.client.identity().empty());
  CHECK_FALSE(SSL_is_init_finished(ssl));
  char byte;
  CHECK(SSL_read(ssl, &byte, 1) <= 0);
  ERR_clear_error();
}

TEST_CASE("an impostor that agrees to a key which it does not have is refused") {
  // It must not check our binder, so it can't be built of OpenSSL; a record that is not what the key makes does it.
  Pair pair;
  carry(pair.client, pair.server);
  std::string answer(pair.server.outgoing());
  answer.back() = static_cast<char>(answer.back() ^ 1);
  pair.client.receive(answer);
  CHECK(pair.client.state() == State::failed);
  CHECK(pair.client.fault_kind() == Fault::impostor);
}

TEST_CASE("a server of another kind is told apart from one that refuses the key") {
  Pair old;
  Plain server(TLS_server_method(), TLS1_2_VERSION);
  server.certify();
  server.start(true);
  server.exchange(old.client);
  CHECK(old.client.fault_kind() == Fault::protocol);

  Pair ssh;
  ssh.client.receive("SSH-2.0-OpenSSH_9.2\r\n");
  CHECK(ssh.client.state() == State::failed);
  CHECK(ssh.client.fault_kind() == Fault::not_tls);

  Pair gone;
  gone.client.receive_end();
  CHECK(gone.client.state() == State::truncated);
  CHECK_FALSE(gone.client.fault().empty());
}

TEST_CASE("what does not begin as TLS fails at its first byte, without an answer") {
  for (const std::string text : {"h", "GET / HTTP/1.1\r\n", "\x15\x03\x03", "\x17", "\n"}) {
    CAPTURE(text);
    Pair pair;
    pair.server.receive("");
    pair.server.receive(text);
    CHECK(pair.server.state() == State::failed);
    CHECK(pair.server.fault_kind() == Fault::not_tls);
    CHECK(pair.server.outgoing().empty());
    pair.server.receive("more");
    pair.server.write("more");
    pair.server.close();
    CHECK(pair.server.state() == State::failed);
    CHECK(pair.server.outgoing().empty());
  }
}

TEST_CASE("a byte changed anywhere in a record fails the channel and gives nothing of it") {
  Pair first;
  first.exchange();
  first.client.write("write 0 5\n");
  const std::size_t size = first.client.outgoing().size();
  for (std::size_t at = 0; at < size; ++at) {
    CAPTURE(at);
    Pair pair;
    pair.exchange();
    pair.client.write("write 0 5\n");
    std::string record(pair.client.outgoing());
    record[at] = static_cast<char>(record[at] ^ 0x40);
    pair.server.receive(record);
    pair.server.receive_end();  // a changed length waits for more
    CHECK(read_all(pair.server).empty());
    CHECK((pair.server.state() == State::failed || pair.server.state() == State::truncated));
  }
}

TEST_CASE("a record that comes twice fails the channel") {
  Pair pair;
  pair.exchange();
  pair.client.write("quit\n");
  const std::string record = carry(pair.client, pair.server);
  CHECK(read_all(pair.server) == "quit\n");
  pair.server.receive(record);
  CHECK(read_all(pair.server).empty());
  CHECK(pair.server.state() == State::failed);
  CHECK(pair.server.fault_kind() == Fault::protocol);
}

TEST_CASE("a proper end is closed, after everything before it was read, and may still be answered") {
  Pair pair;
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
  Pair pair;
  carry(pair.client, pair.server);
  pair.server.sent(pair.server.outgoing().size());
  pair.server.write("kept");
  pair.server.close();
  CHECK(pair.server.state() == State::closed);
  CHECK(pair.server.outgoing().empty());
}

TEST_CASE("keys can be replaced while channels are open") {
  Pair old;
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
    Pair pair;
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
  Pair pair;
  pair.server.write(std::string(Channel::high_water, 'x'));
  CHECK_FALSE(pair.server.congested());
  pair.server.write("x");
  CHECK(pair.server.congested());
}

TEST_CASE("nothing that was said can be found on the wire") {
  Pair pair;
  pair.client.write("[2015-10-28 21:26:03.417293+08:00] 今天开始写日记\n\n");
  pair.exchange();
  for (int i = 0; i < 20; ++i) pair.server.write("八荣八耻 secret words");
  pair.exchange();
  CHECK(read_all(pair.client).size() == 20 * std::string("八荣八耻 secret words").size());
  const std::string wire = pair.to_client + pair.to_server;
  for (const std::string word : {"secret", "words", "2015", "今天", "日记", "八荣"}) {
    CAPTURE(word);
    CHECK(wire.find(word) == std::string::npos);
  }
  CHECK(wire.find("laptop") != std::string::npos);  // the identity does travel in clear
  CHECK(wire.find(std::string(8, '\x11')) == std::string::npos);
}

TEST_CASE("a channel can be moved while it is open") {
  Pair pair;
  carry(pair.client, pair.server);
  Channel moved(std::move(pair.server));
  carry(moved, pair.client);
  pair.client.write("hi\n");
  carry(pair.client, moved);
  CHECK(read_all(moved) == "hi\n");
}

}  // namespace md2

// Who has not the key, or changes a byte, gets nothing out of a channel and nothing into it.
#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "tests/common/net/channel_pair.h"

using namespace md2;
using namespace md2::test;
using State = Channel::State;
using Fault = Channel::Fault;

namespace {

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
  ChannelPair pair(key);
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
    ChannelPair pair(key);
    pair.exchange();
    return pair.server.fault();
  };
  CHECK(reason(make_key("laptop", 0x12)).find("'laptop' is another than") != std::string::npos);
  CHECK(reason(make_key("x\ny\x1b[2J", 1)).find("'x?y?[2J' is not in") != std::string::npos);
}

TEST_CASE("a client that speaks TLS without a key, or an older TLS, is told no more than an alert") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    CAPTURE(version);
    ChannelPair pair;
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
  ChannelPair pair;
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
  ChannelPair pair;
  carry(pair.client, pair.server);
  std::string answer(pair.server.outgoing());
  answer.back() = static_cast<char>(answer.back() ^ 1);
  pair.client.receive(answer);
  CHECK(pair.client.state() == State::failed);
  CHECK(pair.client.fault_kind() == Fault::impostor);
}

TEST_CASE("a server of another kind is told apart from one that refuses the key") {
  ChannelPair old;
  Plain server(TLS_server_method(), TLS1_2_VERSION);
  server.certify();
  server.start(true);
  server.exchange(old.client);
  CHECK(old.client.fault_kind() == Fault::protocol);

  ChannelPair ssh;
  ssh.client.receive("SSH-2.0-OpenSSH_9.2\r\n");
  CHECK(ssh.client.state() == State::failed);
  CHECK(ssh.client.fault_kind() == Fault::not_tls);

  ChannelPair gone;
  gone.client.receive_end();
  CHECK(gone.client.state() == State::truncated);
  CHECK_FALSE(gone.client.fault().empty());
}

TEST_CASE("what does not begin as TLS fails at its first byte, without an answer") {
  for (const std::string text : {"h", "GET / HTTP/1.1\r\n", "\x15\x03\x03", "\x17", "\n"}) {
    CAPTURE(text);
    ChannelPair pair;
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
  ChannelPair first;
  first.exchange();
  first.client.write("write 0 5\n");
  const std::size_t size = first.client.outgoing().size();
  for (std::size_t at = 0; at < size; ++at) {
    CAPTURE(at);
    ChannelPair pair;
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
  ChannelPair pair;
  pair.exchange();
  pair.client.write("quit\n");
  const std::string record = carry(pair.client, pair.server);
  CHECK(read_all(pair.server) == "quit\n");
  pair.server.receive(record);
  CHECK(read_all(pair.server).empty());
  CHECK(pair.server.state() == State::failed);
  CHECK(pair.server.fault_kind() == Fault::protocol);
}

TEST_CASE("nothing that was said can be found on the wire") {
  ChannelPair pair;
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

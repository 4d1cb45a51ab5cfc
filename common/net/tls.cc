#include "common/net/tls.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <algorithm>

#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

void require(bool done, const char* what) {
  if (done) return;
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  throw Error(tr("cannot set up TLS: {}: {}", what, reason == nullptr ? tr("unknown reason") : reason));
}

/// Both sides say the same, so that neither depends on the other to be strict.
SslContext make_context(const SSL_METHOD* method) {
  // At the end of the process all goes at once; to free each piece took a sixteenth of what a short command executes.
  // To make a table of all names of ciphers and digests, of which TLS asks for none, took a sixth.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS,
                      nullptr);
  ERR_clear_error();
  SslContext context(SSL_CTX_new(method), SSL_CTX_free);
  require(context != nullptr, "context");
  SSL_CTX* const ctx = context.get();
  require(SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) == 1, "version");
  require(SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) == 1, "version");
  // An external key stands for SHA-256 (RFC 8446, 4.2.11), so suites with another hash could not use it.
  require(SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256") == 1, "cipher suites");
  require(SSL_CTX_set1_groups_list(ctx, "X25519") == 1, "groups");
  SSL_CTX_set_security_level(ctx, 2);
  SSL_CTX_set_options(ctx, SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);  // 33 KiB less for each connection that is idle
  return context;
}

/// The session that stands for an external key (SSL_CTX_set_psk_find_session_callback(3)). OpenSSL takes it over.
SSL_SESSION* make_session(SSL* ssl, const Key& key) {
  constexpr unsigned char aes_128_gcm_sha256[] = {0x13, 0x01};
  SSL_SESSION* const session = SSL_SESSION_new();
  const SSL_CIPHER* const cipher = SSL_CIPHER_find(ssl, aes_128_gcm_sha256);
  if (session == nullptr || cipher == nullptr ||
      SSL_SESSION_set1_master_key(session, key.secret.data(), key.secret.size()) != 1 ||
      SSL_SESSION_set_cipher(session, cipher) != 1 || SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION) != 1) {
    SSL_SESSION_free(session);
    return nullptr;
  }
  return session;
}

std::vector<std::shared_ptr<const Key>> shared(std::vector<Key> keys) {
  std::vector<std::shared_ptr<const Key>> out;
  out.reserve(keys.size());
  for (Key& key : keys) out.push_back(std::make_shared<const Key>(std::move(key)));
  return out;
}

}  // namespace

ServerTlsContext::ServerTlsContext(std::vector<Key> keys)
    : context_(make_context(TLS_server_method())), keys_(shared(std::move(keys))) {
  require(RAND_priv_bytes(decoy_.secret.data(), static_cast<int>(decoy_.secret.size())) == 1, "random bytes");
  require(SSL_CTX_set_num_tickets(context_.get(), 0) == 1, "tickets");
  SSL_CTX_set_app_data(context_.get(), this);
  SSL_CTX_set_psk_find_session_callback(context_.get(), &ServerTlsContext::find_session);
}

/// An unknown identity is checked against a random key and fails just as a known one with a wrong key does: with
/// different alerts a stranger could find out which identities exist.
int ServerTlsContext::find_session(SSL* ssl, const unsigned char* identity, std::size_t size, SSL_SESSION** session) {
  const auto& tls = *static_cast<const ServerTlsContext*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  auto& offer = *static_cast<Offer*>(SSL_get_app_data(ssl));
  offer.claimed.assign(reinterpret_cast<const char*>(identity), std::min(size, max_identity + 1));
  const auto found =
      std::find_if(tls.keys_.begin(), tls.keys_.end(), [&](const auto& key) { return key->identity == offer.claimed; });
  offer.key = found == tls.keys_.end() ? nullptr : *found;
  *session = make_session(ssl, offer.key ? *offer.key : tls.decoy_);
  return *session != nullptr;
}

void ServerTlsContext::replace_keys(std::vector<Key> keys) {
  keys_ = shared(std::move(keys));
}

bool ServerTlsContext::holds(const Key& key) const {
  return std::any_of(keys_.begin(), keys_.end(), [&](const auto& other) { return *other == key; });
}

/// The server is trusted for its key alone. A certificate, which an impostor offers when it can't use our key, is
/// checked against an empty store and so always refused; without SSL_VERIFY_PEER OpenSSL would take any.
ClientTlsContext::ClientTlsContext(Key key) : context_(make_context(TLS_client_method())), key_(std::move(key)) {
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_app_data(context_.get(), this);
  SSL_CTX_set_psk_use_session_callback(context_.get(), &ClientTlsContext::use_session);
}

int ClientTlsContext::use_session(SSL* ssl, const EVP_MD* digest, const unsigned char** identity, std::size_t* size,
                                  SSL_SESSION** session) {
  const Key& key = static_cast<const ClientTlsContext*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->key_;
  *session = nullptr;
  if (digest != nullptr && EVP_MD_is_a(digest, "SHA256") != 1) return 1;  // goes on without a key, and is refused
  *session = make_session(ssl, key);
  *identity = reinterpret_cast<const unsigned char*>(key.identity.data());
  *size = key.identity.size();
  return *session != nullptr;
}

}  // namespace md2

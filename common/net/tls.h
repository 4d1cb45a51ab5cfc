#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "common/net/keys.h"

namespace md2 {

// TLS 1.3 (RFC 8446) with external pre-shared keys and (EC)DHE, and nothing else: no certificates, no tickets, no older
// version. Here is what all channels of one side have in common.

using SslContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

/// The key that a client asked to be let in with. Its channel owns it, the callbacks of ServerTlsContext fill it.
struct Offer {
  std::string claimed;             ///< the identity it named: anybody's word, nothing is proved by it
  std::shared_ptr<const Key> key;  ///< nothing when nobody here has that name
};

/// The server's keys. Must outlive its channels and stay where it is.
class ServerTlsContext {
 public:
  /// Throws Error.
  explicit ServerTlsContext(std::vector<Key> keys);
  ServerTlsContext(const ServerTlsContext&) = delete;
  ServerTlsContext& operator=(const ServerTlsContext&) = delete;

  /// From now on these keys open channels. What is open stays open: ask of each whether its key is still held.
  void replace_keys(std::vector<Key> keys);

  /// The key is among the keys, as it was.
  bool holds(const Key& key) const;

  SSL_CTX* context() const { return context_.get(); }

 private:
  static int find_session(SSL* ssl, const unsigned char* identity, std::size_t size, SSL_SESSION** session);

  SslContext context_;
  std::vector<std::shared_ptr<const Key>> keys_;
  Key decoy_;  ///< random; what an unknown identity is checked against
};

/// The client's key. Must outlive its channels and stay where it is.
class ClientTlsContext {
 public:
  /// Throws Error.
  explicit ClientTlsContext(Key key);
  ClientTlsContext(const ClientTlsContext&) = delete;
  ClientTlsContext& operator=(const ClientTlsContext&) = delete;

  const std::string& identity() const { return key_.identity; }
  const Key& key() const { return key_; }
  SSL_CTX* context() const { return context_.get(); }

 private:
  static int use_session(SSL* ssl, const EVP_MD* digest, const unsigned char** identity, std::size_t* size,
                         SSL_SESSION** session);

  SslContext context_;
  Key key_;
};

}  // namespace md2

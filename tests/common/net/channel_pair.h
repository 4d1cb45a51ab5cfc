#pragma once

#include <cstddef>
#include <string>

#include "common/net/channel.h"

namespace md2::test {

inline Key make_key(const std::string& identity, unsigned char fill) {
  Key key;
  key.identity = identity;
  key.secret.fill(fill);
  return key;
}

inline const Key laptop = make_key("laptop", 0x11);
inline const Key tablet = make_key("tablet", 0x22);

/// Moves what `from` has to say, in parts of `step` bytes, and returns it.
inline std::string carry(Channel& from, Channel& to, std::size_t step = std::string::npos) {
  std::string said;
  while (!from.outgoing().empty()) {
    const std::string part(from.outgoing().substr(0, step));
    from.sent(part.size());
    to.receive(part);
    said += part;
  }
  return said;
}

/// All that it has to read.
inline std::string read_all(Channel& channel) {
  std::string out;
  while (channel.read(out, 1000)) {
  }
  return out;
}

/// A server's and a client's end of one connection without a socket; they hold the same key, unless said otherwise.
struct ChannelPair {
  explicit ChannelPair(const Key& client_key = laptop) : client_tls(client_key) {}

  /// Until neither has anything to say. What crossed the wire is kept in `wire`.
  void exchange(std::size_t step = std::string::npos) {
    while (!client.outgoing().empty() || !server.outgoing().empty()) {
      to_server += carry(client, server, step);
      to_client += carry(server, client, step);
    }
  }

  ServerTlsContext server_tls{{laptop, tablet}};
  ClientTlsContext client_tls;
  Channel server{server_tls};
  Channel client{client_tls};
  std::string to_server;
  std::string to_client;
};

}  // namespace md2::test

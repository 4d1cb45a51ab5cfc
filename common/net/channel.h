#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "common/net/tls.h"

namespace md2 {

/// The layer between the messages of a session and the bytes of its socket: plain bytes on one side, TLS records on
/// the other. It knows no sockets: whoever owns the socket hands it what was received and takes from it what to send.
/// TLS lives here and in common/net/tls.h and nowhere else.
///
///     socket -> receive() -> read() -> MessageReader
///     socket <- outgoing() <- write() <- append_message
///
/// Nothing here pushes back: the owner keeps memory bounded. It asks congested() before it writes what it can hold
/// back, and it takes bytes from the socket (at most 64 KiB at a time) only after read() has returned false.
/// Buffers are given back as soon as they are empty.
class Channel {
 public:
  enum class State {
    handshaking,  ///< not yet open: writes are kept, nothing can be read
    open,
    closed,     ///< the peer ended the stream properly (it may still be written to), or close() was called
    truncated,  ///< the stream ended without the peer saying so: what came before is right, what is missing is unknown
    failed,     ///< see fault(); outgoing() may still hold the alert that tells the peer
  };

  enum class Fault {
    none,
    refused_key,  ///< client: the server does not take our key. Server: the client has none of ours
    impostor,     ///< client: whoever answers does not have our key
    not_tls,      ///< what the peer sent does not begin as TLS
    protocol,     ///< anything else; fault() has OpenSSL's reason
  };

  /// How many bytes may wait to be sent before congested() says so.
  static constexpr std::size_t high_water = std::size_t{256} << 10;

  explicit Channel(ServerTlsContext& tls);
  explicit Channel(ClientTlsContext& tls);  ///< outgoing() holds the ClientHello at once
  Channel(Channel&&) noexcept;
  Channel& operator=(Channel&&) noexcept;
  ~Channel();

  /// Bytes that came from the socket.
  void receive(std::string_view bytes);

  /// The socket has reached its end (recv gave 0, or an error such as ECONNRESET).
  void receive_end();

  /// Appends what the peer said to `out`, at most `limit` bytes (not 0), and decrypts no more than the record that this
  /// ends in; false when there was nothing. What select(2) can't see may be left: call until false, or until enough was
  /// taken. An end of the stream shows in state() once all before it was read, maybe by the call that read the last of
  /// it.
  ///
  /// `records`: no more of them, however little they hold.
  bool read(std::string& out, std::size_t limit, std::size_t records = all_records);
  static constexpr std::size_t all_records = std::numeric_limits<std::size_t>::max();

  /// The last read() has left something for the next one: what `limit` or `records` kept it from.
  bool has_more() const;

  /// Says `bytes` to the peer, all of them: nothing pushes back but congested(). Before the handshake is done they are
  /// kept. After close() and after a failure they are dropped.
  void write(std::string_view bytes);

  /// Says that nothing more will be written. What the peer sends from now on is dropped.
  void close();

  /// What must go to the socket. Valid until the next call of another member.
  std::string_view outgoing();

  /// The first `count` bytes of outgoing() have gone.
  void sent(std::size_t count);

  /// More than high_water bytes wait for the socket or for the handshake: write no more than what must be written now.
  bool congested() const;

  /// Memory that waits for the socket or for read(), in bytes. What OpenSSL holds for a channel, about 20 KiB, does not
  /// count.
  std::size_t held() const;

  State state() const;

  /// Why the state is failed, or truncated in the handshake: a sentence for a log or a person, without keys and without
  /// a word of the diary.
  const std::string& fault() const;
  Fault fault_kind() const;

  /// Whose key opened the channel; empty before it is open.
  const std::string& identity() const;

  /// The server's side: the first eight of the random bytes by which the client's hello is told from any other; 0
  /// before it came.
  std::uint64_t hello() const;

  /// The server's side: the key that the client has named, proved or not. Nothing when none of that name is held.
  const Key* key() const;

 private:
  struct Tls;

  std::unique_ptr<Tls> tls_;  ///< at one place for life: OpenSSL points into it
};

}  // namespace md2

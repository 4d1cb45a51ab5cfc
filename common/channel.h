#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace md2 {

/// The layer between the messages of a session and the bytes of its socket: plain bytes on one side, what travels on
/// the other. It knows no sockets: whoever owns the socket hands it what was received and takes from it what to send.
/// TLS lives here and nowhere else.
///
///     socket -> receive() -> read() -> MessageReader
///     socket <- outgoing() <- write() <- append_message
class Channel {
 public:
  enum class State {
    handshaking,  ///< not yet open: writes are kept, nothing can be read
    open,
    closed,     ///< the peer ended the stream properly, or close() was called and all was said
    truncated,  ///< the stream ended without the peer saying so: what came before is right, what is missing is unknown
    failed,     ///< see fault(); outgoing() may still hold the alert that tells the peer
  };

  /// Bytes that came from the socket.
  void receive(std::string_view bytes);

  /// The socket has reached its end (recv gave 0, or an error such as ECONNRESET).
  void receive_end();

  /// Appends what the peer said to `out`, at most about `limit` bytes; false when there was nothing. What select(2)
  /// can't see may be left: call until false, or until enough was taken.
  bool read(std::string& out, std::size_t limit);

  /// Says `bytes` to the peer, all of them: nothing pushes back but congested().
  void write(std::string_view bytes);

  /// Says that nothing more will be written.
  void close();

  /// What must go to the socket. Valid until the next call of another member.
  std::string_view outgoing();

  /// The first `count` bytes of outgoing() have gone.
  void sent(std::size_t count);

  State state() const;

  /// Why the state is failed: a sentence for a log or a person, without keys and without a word of the diary.
  const std::string& fault() const;

  /// Whose key opened the channel; empty before it is open.
  const std::string& identity() const;

 private:
  State state_ = State::open;
  std::string received_;
  std::string outgoing_;
  std::string fault_;
  std::string identity_;
};

}  // namespace md2

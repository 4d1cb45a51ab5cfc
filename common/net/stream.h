#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/net/channel.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// A connected socket and the channel on it: the one place where bytes move between the two. It never waits: the owner
/// watches the socket with pselect(2) or poll(2) and calls what fits.
class Stream {
 public:
  static constexpr std::size_t most_at_once = std::size_t{64} << 10;  ///< bytes that are taken from the socket

  /// `socket` is non-blocking.
  Stream(UniqueFd socket, Channel channel) : socket_(std::move(socket)), channel_(std::move(channel)) {}

  /// Takes what the socket has, `bytes` at most, and appends what the peer said with it to `said`. Call when the socket
  /// is readable. False when there was nothing; the end of the connection is something, and shows in ended() and in
  /// the channel's state.
  ///
  /// `records`: about so many of them are decrypted. Then has_more() may be true, and the next call goes on with what
  /// is left before it asks the socket.
  bool receive(std::string& said, std::size_t records = Channel::all_records, std::size_t bytes = most_at_once);

  /// receive() has something to do, whatever the socket has.
  bool has_more() const { return channel_.has_more(); }

  /// Says `bytes` to the peer, all of them: they go out with flush().
  void write(std::string_view bytes) { channel_.write(bytes); }

  /// Sends what the channel has to say, as far as the socket takes it. False when the connection is broken: error()
  /// says why, and what the peer said last may still be there to be received.
  bool flush();

  /// All was sent that will be: the peer sees the end when it has read that far. close(2) with unread bytes in the
  /// socket would reset the connection and take back what the peer has not read yet.
  void finish_sending();

  /// Bytes that flush() has to send.
  std::size_t unsent() { return channel_.outgoing().size(); }

  /// Nothing more comes from the socket.
  bool ended() const { return ended_; }

  /// Why the connection broke; empty when it did not, or ended as it should.
  const std::string& error() const { return error_; }

  int socket() const { return socket_.get(); }
  Channel& channel() { return channel_; }
  const Channel& channel() const { return channel_; }

 private:
  void broke();

  UniqueFd socket_;
  Channel channel_;
  bool ended_ = false;
  std::string error_;
};

}  // namespace md2

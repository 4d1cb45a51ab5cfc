#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/net/stream.h"
#include "server/hellos.h"
#include "server/loop.h"
#include "server/session.h"

namespace md2 {

/// One client: its socket, the channel on it, and the session behind that. It moves bytes between the three and knows
/// when it is over; what they mean is the session's business.
class Connection {
 public:
  enum class Phase {
    opening,   ///< the channel's handshake is under way
    serving,   ///< the session speaks
    leaving,   ///< what is left to say goes out, then the client is waited for, so that a reset can't take it back
    finished,  ///< to be forgotten
  };

  /// `hellos` must outlive it.
  Connection(UniqueFd socket, Channel channel, Session session, Hellos& hellos);

  /// Reads what the socket has, one slice, and hands it on. Call when readable, or when has_input().
  void receive(std::size_t bytes = Stream::most_at_once);

  /// It has read more than it has handed on, and may hand it on.
  bool has_input() const;

  /// Says what the session has to say, and sends what the socket takes.
  void send();

  void want(Loop& loop);

  /// The next turn must not wait for input: there is more to say, and the socket takes it.
  bool busy();

  /// When expire() is due; none while it is being served.
  std::optional<Loop::Clock::time_point> deadline() const { return deadline_; }
  /// It is over, unless it parts and the client has taken something.
  void expire();

  /// Ends it: `reason` is for the client, if it can still be told.
  void leave(std::string_view reason);
  /// The same, because the server ends: it waits as long as the client's system takes something every 250 ms, until
  /// `limit`. What that has taken by then reaches the client all the same.
  void part(std::string_view reason, Loop::Clock::time_point limit);
  /// The same, and what waits for it is forgotten: it holds too much memory.
  void turn_away(std::string_view reason);
  /// Ends it at once.
  void drop(std::string_view reason);

  int socket() const { return stream_.socket(); }
  Phase phase() const { return phase_; }
  Session& session() { return session_; }
  const Session& session() const { return session_; }
  const Channel& channel() const { return stream_.channel(); }
  Loop::Clock::time_point since() const { return since_; }

  /// The client has not yet sent a whole ClientHello that a key of ours has signed, or only one that somebody sent
  /// before: it may be anybody. (Others who did are answered with an alert, and their connection is no longer opening.)
  bool unproved() const { return unproved_; }

  /// Memory that waits for the client, about, in bytes.
  std::size_t held() const { return session_.held() + channel().held(); }

  /// Who it is, for a log line: address, and identity once it is known.
  std::string name() const;

  /// Why it is over, for a log line; empty for a client that left as it should.
  const std::string& fault() const { return fault_; }

 private:
  bool takes_input() const;
  void take_hello();
  void begin_leaving();
  bool flush();
  std::size_t untaken();

  std::string peer_;
  Stream stream_;
  Session session_;
  Phase phase_ = Phase::opening;
  Loop::Clock::time_point since_;
  std::optional<Loop::Clock::time_point> deadline_;
  std::optional<Loop::Clock::time_point> limit_;  ///< of its parting
  std::size_t untaken_ = 0;                       ///< bytes, when the client's progress was last looked at
  Hellos& hellos_;
  bool unproved_ = true;
  bool answered_ = false;  ///< its hello
  std::string fault_;
};

}  // namespace md2

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "common/net/message.h"
#include "common/text/checksum.h"

namespace md2 {

/// What was asked of the diary (`r`, `raw`) by who follows it, and is not answered yet, over one connection after the
/// other: an answer that was cut goes on behind what was handed over of it.
class Questions {
 public:
  enum class Kind {
    query,
    diary,  ///< the diary as a person reads it, which is followed from the end of the answer on
  };

  /// `request`: an `r` or `raw`.
  void ask(Kind kind, Message request) { questions_.push_back({kind, std::move(request)}); }

  /// A connection stands, over which nothing was asked yet.
  void connected() { sent_ = 0; }

  /// The next that is to be sent over the connection, which it is when this returns.
  std::optional<Message> next();

  /// The server was told to `stop`: nobody wants the answers to what was asked by now.
  void stop();

  /// The first one that nobody wants an answer to is done with, before it is sent again; nothing when there is none.
  std::optional<Kind> drop_stopped();

  /// Whoever asked a query was told that the connection is gone; the diary is still wanted.
  void forget_queries();

  /// A `found`: leaves in `text` what is to be handed over.
  void found(std::string& text);

  /// What the end of an answer means.
  struct Ended {
    Kind kind = Kind::query;
    bool whole = false;  ///< where it ended is a place to follow the diary from
  };

  /// An `end` or `broken`. Where what was handed over does not fit the rest, it becomes a `broken`.
  Ended ended(Message& message);

  bool awaits_diary() const;

 private:
  struct Question {
    Kind kind;
    Message request;
    bool stopped = false;
    std::uint64_t given = 0;  ///< bytes of the answer that were handed over
    Checksum sum{};           ///< of them
  };

  void begin_answer();

  std::deque<Question> questions_;  ///< in the order of the answers
  std::size_t sent_ = 0;            ///< of them
  std::uint64_t passed_ = 0;        ///< bytes of the first one's answer over this connection that came before
  Checksum passed_sum_;             ///< of them
  bool differs_ = false;            ///< they are not those that were handed over
};

}  // namespace md2

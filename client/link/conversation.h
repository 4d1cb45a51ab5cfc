#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/link/bookmark.h"
#include "client/link/exchange.h"
#include "client/link/questions.h"
#include "client/link/sender.h"
#include "client/outbox/outbox.h"
#include "common/net/message.h"
#include "common/os/clock.h"

namespace md2 {

/// How a connection, or the attempt to get one, ended.
struct Ending {
  enum class Why {
    stopped,      ///< this program wants no more
    unreachable,  ///< nobody took the connection
    silent,       ///< somebody took it and never greeted, or has owed an answer for too long
    older,        ///< the server speaks an older protocol, or
    newer,        ///< a newer one: until one side is updated, it is as if it were not there
    other_diary,  ///< the diary that answers is not the one that this program has to do with
    lost,         ///< it broke
    bye,          ///< the server said so
    fault,        ///< what came makes no sense, was damaged, or says that what we said makes none
    key_refused,  ///< with another key it might not
    no_key,       ///< there is none to offer
  };
  Why why = Why::stopped;
  std::string text;      ///< for a person
  bool greeted = false;  ///< the server was there
};

/// What is said to the server and what is made of its words, over one connection after the other: it sends what outbox
/// and main thread hold, hands over what comes, and remembers how far the diary was received. It knows no socket, no
/// TLS, no thread and no clock: the link carries bytes and time to it, as the server's Connection does for Session.
class Conversation {
 public:
  using Time = Clock::Steady;

  /// Both are borrowed. `start`: an `r` or `raw` to ask, with its query as it is sent (wire_query()), and then for
  /// every new entry (`hi`), of which whoever waits for the answer to the first passes over what comes before its end.
  /// So does a `hi` that the main thread asks for, whose text is the query of another `r`. Without a `start` such a
  /// `hi` means the file, from its first byte on, and what is appended to it.
  Conversation(Outbox& outbox, Exchange& exchange, std::optional<Message> start);

  /// What is expected of a connection.
  struct Expected {
    std::string diary;          ///< the identity that must answer; empty for any
    std::optional<Time> greet;  ///< when the greeting must be there; none: 10 s from the beginning on
    std::optional<Time> late;   ///< when Event::Kind::late is given without one
    std::string key;            ///< our key's name; one that only writes asks nothing
  };

  /// A connection stands, and nothing was said over it yet.
  void begin(Time now, Expected expected = {});

  /// Bytes that the server said; only while wants_input(), so that memory is bounded.
  void receive(std::string_view said, Time now);
  bool wants_input() { return exchange_.has_room(); }

  /// Appends to `out` what is to be said now, about `budget` bytes at most.
  void produce(std::string& out, std::size_t budget, Time now);

  /// Bytes have come or gone: whoever owes an answer is there.
  void moved(Time now);

  /// When tick() is due, if nothing else happens before. Whoever owes an answer has 10 s from the last byte on, and
  /// when the main thread leaves 2 s, and then 10 s for all of it.
  std::optional<Time> deadline() const;
  void tick(Time now);

  /// No connection could be had.
  void missed();

  /// The connection is over; the first reason counts.
  void end(Ending::Why why, std::string text);
  bool over() const { return ending_.has_value(); }

  /// The server can't be reached now. `tell`: the user does not know why yet.
  void offline(bool tell, const std::string& why);

  /// Of the connection that is over.
  const Ending& ending() const { return *ending_; }

 private:
  std::optional<Time> silent_at() const;
  std::string silence(Time now) const;
  bool awaits_answer() const { return !greeted_ || catching_up_ || asked_ > 0 || !sender_.quiet(); }
  void ask(std::string& out, const Message& request);
  void ask_all(std::string& out);
  void follow(std::string& out);
  void begin_file();
  bool follows() const { return follow_ || wants_file_; }
  void take_requests(std::string& out);
  void handle(Message message, Time now);
  void greeted(const Message& greeting);
  bool received(Message& piece);
  bool caught_up(const Message& now);
  bool is_next(Message& piece);
  void answer_ended(Message& end);
  void drop_stopped();
  void go_on_from(const Message& place);
  void changed(const Message& change);
  bool is_our_diary(const std::string& identity);
  void push_notices(const std::vector<std::string>& notices);
  void answered(Message answer, Time now);

  Outbox& outbox_;
  Exchange& exchange_;
  bool follow_;              ///< from the end of an answer on
  bool wants_file_ = false;  ///< it is followed from its first byte on
  Sender sender_;
  Bookmark bookmark_;
  bool place_known_ = false;  ///< the bookmark's place was confirmed since a greeting named it
  Questions questions_;       ///< of who follows
  Bookmark before_diary_;     ///< where it was when the diary was asked for that is awaited
  bool drained_said_ = false;

  // Of the connection under way:
  MessageReader reader_{Role::server};
  bool greeted_ = false;
  bool follow_due_ = false;  ///< the diary is still to be asked for
  Expected expected_;
  Time begun_{};
  Time moved_{};                  ///< when the wait for what is due began, or bytes last came or went
  std::optional<Time> leaving_;   ///< since when the main thread leaves
  bool catching_up_ = false;      ///< the end of a `hi` is due
  std::uint64_t asked_from_ = 0;  ///< by the last `hi`, in bytes of the diary
  bool skipping_ = false;         ///< and it may come before all that it asked for
  std::size_t asked_ = 0;         ///< questions of another kind without an answer, but for `write`
  std::optional<Time> retry_at_;  ///< when what failed is sent again
  std::optional<Ending> ending_;
};

}  // namespace md2

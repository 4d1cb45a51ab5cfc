#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/net/keys.h"
#include "common/net/message.h"
#include "server/answers.h"
#include "server/changes.h"
#include "server/cursor.h"
#include "server/diary/diary.h"
#include "server/diary/lookup.h"
#include "server/turn.h"

namespace md2 {

/// One client's conversation: bytes that it said in, bytes to say to it out; no socket, no TLS (md2(7)).
///
/// A turn of the server calls receive(), handle_requests(), then Diary::commit(), committed(), produce(). A client that
/// follows is nothing but a Cursor over the diary.
class Session {
 public:
  /// Announces a text to everybody who follows and says how many that are.
  using Announce = std::function<std::size_t(std::string_view)>;

  /// `diary` and `turn` must outlive the session. `identity` is the diary's, on stable storage.
  Session(Diary& diary, std::string identity, Announce announce, Turn& turn = endless_turn());

  /// Turn::join().
  std::uint64_t number() const { return number_; }

  /// The first words: protocol, version, where the diary ends, which diary it is. Once, when the channel has opened. A
  /// client with Rights::write may only `write`, no corrections, and `quit`; what it hears says nothing of the diary:
  /// all offsets are 0, and an answer is the same whether the entry was new or not.
  void greet(Rights rights = Rights::all);

  /// Bytes from the client. Whoever calls asks wants_input() first: then memory is bounded by one message.
  void receive(std::string_view bytes);
  bool wants_input() const;

  /// The client will say no more: what it asked for is still done and answered, following ends at `now`.
  void end_input();

  /// Does what the requests ask, in their order: entries go into the diary's batch.
  void handle_requests();

  /// What became of the batch: the writers get their answers.
  void committed(const Commit& commit);

  /// Appends to `out` what can be said now, about `budget` bytes at most. What is left is said in the next turn.
  void produce(std::string& out, std::size_t budget);

  /// There is work that needs no further input: the next turn must not wait for any.
  bool busy() const;

  /// The owner has changed the diary, and up to `floor` it is as it was (Diary::check_for_changes()).
  void changed(Diary::Change change, std::uint64_t floor);

  /// True when the client will get the announcement: it follows, and it takes what it is sent.
  bool announce(const Announcement& text);

  /// Ends the conversation from the server's side: the answers that are due, `bye` and the reason, nothing more.
  void say_bye(std::string_view reason);

  /// Says `error` and the reason, in place of a greeting or of all that was to come, and ends.
  void refuse(std::string reason);

  /// The same in place of all that is due as well: nothing of the client's is held any more.
  void turn_away(std::string reason);

  /// Memory that waits for the client to say more, for its turn or for it to listen, in bytes.
  std::size_t held() const;

  /// All was said; the connection is to be closed once it has gone out.
  bool ended() const;

 private:
  /// `ended` by the client. `ignored`: the conversation ends, no request is handled any more.
  enum class Input { open, ended, ignored };

  /// Why writes fail until the first entry that failed comes again.
  struct Failure {
    std::string entry;
    std::string reason;
  };

  void handle(Message message);
  std::string fault_of(const Message& request) const;
  void read(const Message& asked);
  void write(std::string entry, std::uint64_t since);
  void say_ready(const Message& ready, std::string& out) const;
  void tell_untold(std::string& out);
  void finish_lookups();
  void finish(Answer& answer);
  Message found(std::uint64_t place, const std::string& entry);
  void end();
  void answer(Verb verb, std::uint64_t number = 0, std::string text = {});
  bool say(Answer& answer, std::string& out, std::size_t budget);
  void read_on(Answer& answer, std::string& out, std::size_t budget);
  void say_answers(std::string& out, std::size_t budget);
  void say_alive(std::string& out, bool said);

  Diary& diary_;
  std::string identity_;
  Announce announce_;
  Turn& turn_;
  std::uint64_t number_;
  MessageReader reader_{Role::client};
  Answers answers_;
  std::optional<Failure> failure_;
  Cursor cursor_;
  Changes changes_;
  Input input_ = Input::open;
  Clock::Steady said_at_{};  ///< something, or nothing was due
  Rights rights_ = Rights::all;
  bool greeted_ = false;
  bool stalled_ = false;  ///< requests were left for the next turn
  LookupPass pass_;
  std::optional<Message> held_;  ///< a request that waits for them, or for its turn

  std::uint64_t told_ = 0;         ///< the version of what is untold that was said last
  std::uint64_t told_number_ = 0;  ///< the announcement that it was, counted from 1
  std::uint64_t announced_ = 0;    ///< announcements that were said
  std::uint64_t tolds_ = 0;        ///< and those that the client says it has shown
};

}  // namespace md2

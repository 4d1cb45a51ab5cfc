#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/link/entry_clock.h"
#include "client/link/link.h"
#include "client/options.h"
#include "client/outbox/outbox.h"
#include "common/diary/correction.h"

namespace md2 {

inline constexpr int exit_kept = 75;  ///< EX_TEMPFAIL, sysexits.h: in the outbox, not yet saved

/// How the user is told of what went wrong: a sentence without the name of the program.
using Tell = std::function<void(const std::string& sentence)>;

/// "md2client: SENTENCE" on stderr, sanitised.
void to_stderr(const std::string& sentence);

/// The parts that every command of md2client stands on: clock, outbox and link. It alone tells what becomes of entries
/// (refused, not safe, kept for later), and makes the exit status of that. Main thread only.
class Client {
 public:
  /// `follow`: a prompt, see Conversation; `claimed`: see Outbox. What the outbox has found is said on stderr:
  /// at a prompt at once, else when the server has greeted, or behind what failed. Throws Error.
  Client(const ClientOptions& options, bool follow, Tell tell = to_stderr,
         std::optional<OutboxFile> claimed = std::nullopt);

  /// A program that follows the diary: what is lost comes back, however long that takes. `start`: see Conversation.
  struct Follower {
    std::optional<Message> start;
  };
  Client(const ClientOptions& options, Follower follower, Tell tell = to_stderr);

  /// Says what has not been said yet of what the outbox has found.
  ~Client() { tell_held(); }

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Makes an entry of `text` and of now, or of another time. Throws Error with the reason when it can't be one.
  std::string make_entry(std::string text, std::optional<Timestamp> at = std::nullopt);

  /// Makes an entry of a line that begins with its time (common/diary/when.h). Throws Error likewise.
  std::string make_dated_entry(std::string_view line);

  /// Makes an entry of now that corrects another, whose latest correction known is of `newest`: it is later, whatever
  /// the clock shows. Throws Error likewise.
  std::string make_correction(const Correction& correction, std::optional<Timestamp> newest);

  /// The time that `when` means, for make_entry(). Throws Error with the reason when no entry can have it.
  static Timestamp parse_time(std::string_view when);

  /// Keeps entries in diary format: on their way when it returns, and on stable storage. When the disk fails them they
  /// are only on their way, which is told: once the server has saved them, all is well. Throws Error when they are not
  /// kept at all. `heard`: see Outbox::put(); when not given, they are of now.
  void keep(const std::vector<std::string>& encoded, std::optional<std::uint64_t> heard = std::nullopt);

  /// Something that was to be written can't be an entry: tells why, and the exit status will be 1.
  void refuse(const std::string& why);

  /// How often that was so, or the server has refused an entry.
  std::size_t refused() const { return refused_; }

  /// What was asked for can't be done, or not all of it: tells why (not when only the reader of standard output has
  /// left), and the exit status will be 1.
  void fail(const std::exception& why);

  /// The next thing that the link says; waits for it.
  Event next();

  /// The same without waiting; nothing when there is none. Readable: exchange().fd().
  std::optional<Event> poll();

  /// Waits until poll() may have something, or `other` (-1: none) has one of the `events` of poll(2) or an error, as
  /// Pager::fd() has it. False when it has.
  bool wait(int other = -1, short events = 0);

  /// The next message of the server, which has greeted; waits for it. Throws Error when it can't be reached any more.
  Message next_message();

  /// Why nothing can be asked over the way that was taken; empty when all can. Nothing of the diary may go to a key
  /// that only writes.
  std::string rights_fault();

  /// Asks the server, for Exchange::ask(). Throws Error with rights_fault().
  void ask(Verb verb, std::string text = {});

  /// Waits for the server's greeting. False when it can't be reached; why is in fault().
  bool wait_for_greeting();

  /// Waits until the outbox is empty. False when the server can't be reached or can't save now, why is in fault(); or
  /// when `other` can be read: -1 is none.
  bool wait_until_saved(int other = -1);

  /// Does the work of a command that writes, and ends the account. However the work ends: what failed is told first,
  /// then what is kept. Returns exit_status().
  int account(const std::function<void()>& work);

  /// The same for those who write nothing.
  int account_of_reader(const std::function<void()>& work);

  /// Ends the account: tells what the server has refused and what is kept, and returns 75 when something is kept, 1
  /// when something failed or was refused, else 0. Who failed and has kept nothing himself gets 1, though an earlier
  /// client's entries wait: with 75 he would believe that his were among them. Waits for nothing.
  int exit_status();

  /// The same for those who write nothing: what an earlier client left is not their affair, but when it is refused,
  /// nobody else would tell.
  int exit_status_of_reader();

  /// What to tell when entries wait: how many, where, why. Empty when none does.
  std::string unsaved() const;

  /// Why the server can't be reached or can't save now; empty when it can.
  const std::string& fault() const { return fault_; }
  bool online() const { return server_ == Server::saving || server_ == Server::failing; }

  /// What the server said when it greeted last; a `text` (its version) only when it has.
  const Message& greeting() const { return greeting_; }

  /// Where its diary ended then, in bytes.
  std::uint64_t diary_end() const { return greeting_.number; }

  /// The first attempt to connect has had an outcome.
  bool tried_to_connect() const { return server_ != Server::unknown; }

  /// The first attempt takes longer than whoever leaves would wait.
  bool late() const { return late_ && server_ == Server::unknown; }

  /// It makes sense to wait for what is in the outbox: nothing is known yet that speaks against the server saving it.
  bool may_be_saved_soon() const { return (server_ == Server::unknown && !late_) || server_ == Server::saving; }

  Outbox& outbox() { return outbox_; }
  const std::string& outbox_folder() const { return outbox_folder_; }

  /// Half a sentence for who writes while nothing can be saved: where it is kept, or that and why it can't be.
  std::string what_becomes_of_entries() const;
  Exchange& exchange() { return link_.exchange(); }
  EntryClock& clock() { return clock_; }

 private:
  enum class Server {
    unknown,  ///< until the first attempt has ended
    saving,   ///< it is there and takes entries
    failing,  ///< it is there and can't save now
    offline,
  };

  Client(const ClientOptions& options, Link::Use use, Tell tell, std::optional<OutboxFile> claimed);

  static std::string encoded(Timestamp time, std::string stored);
  void update(const Event& event);
  void tell_refused();
  void mend_outbox();
  void attempt(const std::function<void()>& work);

  void tell_held();

  std::string outbox_folder_;
  bool stays_;  ///< a prompt
  Tell tell_;
  std::vector<std::string> held_;  ///< told of the outbox when the server has greeted, or behind what failed
  EntryClock clock_;
  Outbox outbox_;
  Link link_;
  std::deque<Event> events_;  ///< taken from the exchange and not yet looked at
  Server server_ = Server::unknown;
  bool late_ = false;
  std::string fault_;
  Message greeting_;
  std::size_t refused_ = 0;
  std::size_t lost_ = 0;  ///< entries that another program took out of the outbox
  bool failed_ = false;
  bool kept_ = false;  ///< keep() has kept something
  std::string told_;   ///< by fail(), last
};

}  // namespace md2

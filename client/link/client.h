#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "client/link/link.h"
#include "client/options.h"
#include "client/outbox/outbox.h"
#include "common/diary/timestamp.h"

namespace md2 {

inline constexpr int exit_kept = 75;  ///< EX_TEMPFAIL, sysexits.h: in the outbox, not yet saved

/// The parts that every command of md2client stands on: clock, outbox and link. Main thread only.
class Client {
 public:
  /// `follow`: see Link. Says on stderr what the outbox has found. Throws Error.
  Client(const ClientOptions& options, bool follow);

  /// Makes an entry of `text` and of now. Throws Error with the reason when it can't be one.
  std::string make_entry(std::string text);

  /// Keeps entries in diary format: on stable storage when it returns, and on their way. Throws NotDurable when they
  /// are only on their way, and another Error when they are not kept at all.
  void keep(const std::vector<std::string>& encoded);

  /// The same, but that they are only on their way is told on stderr: once the server has saved them, all is well.
  void keep_and_tell(const std::vector<std::string>& encoded);

  /// The next thing that the link says; waits for it. A refused entry is told on stderr. Throws Error when the link has
  /// ended.
  Event next();

  /// The same without waiting; nothing when there is none. Readable: inbox().fd().
  std::optional<Event> poll();

  /// Waits until the outbox is empty. False when the server can't be reached or can't save now; why is in fault().
  bool settle();

  /// Waits for the server's greeting. False when it can't be reached.
  bool reach();

  /// What to tell when entries wait: how many, where, why. Empty when none does.
  std::string unsaved() const;

  /// Why the server can't be reached; empty when it can.
  const std::string& fault() const { return fault_; }
  bool online() const { return online_; }

  /// Where the server's diary ended when it greeted last, in bytes.
  std::uint64_t diary_end() const { return diary_end_; }

  /// The first attempt to connect has had an outcome.
  bool knows() const { return online_ || !fault_.empty(); }

  /// What waits in the outbox may be saved soon: the server is there, or this is not known yet.
  bool hopeful() const { return !knows() || (online_ && !failing_); }

  Outbox& outbox() { return outbox_; }
  const std::string& outbox_folder() const { return outbox_folder_; }
  Inbox& inbox() { return link_.inbox(); }
  Requests& requests() { return link_.requests(); }
  EntryClock& clock() { return clock_; }

  /// False when an entry was refused, which stderr has been told.
  bool all_taken() const { return refused_ == 0; }

 private:
  void wait();
  void note(const Event& event);

  std::string outbox_folder_;
  EntryClock clock_;
  Outbox outbox_;
  Link link_;
  std::deque<Event> events_;
  bool online_ = false;
  bool failing_ = false;  ///< the server can't save now
  std::string fault_;
  std::uint64_t diary_end_ = 0;
  int refused_ = 0;
};

}  // namespace md2

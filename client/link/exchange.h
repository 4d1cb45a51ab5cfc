#pragma once

#include <poll.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client/link/awake_time.h"
#include "client/terminal/wake_pipe.h"
#include "common/net/message.h"
#include "common/os/clock.h"

namespace md2 {

/// What the link thread has to tell the main thread.
struct Event {
  enum class Kind {
    message,  ///< the server sent it
    online,   ///< the server has greeted; number: where its diary ends; second: heard() of this connection
    offline,  ///< it can't be reached now; text: why. Said once until it is back
    notice,   ///< text: a line that the user should see
    late,     ///< name or connection take long; text: which. Who leaves does not wait for them
    drained,  ///< everything in the outbox has been saved
    refused,  ///< an entry can never be saved; text: why, and the entry; number: its id, for Outbox::told()
    suspect,  ///< another program has changed the outbox: it is to be mended
    no_key,   ///< no key is there, or none that the server takes; text: why. The same as offline to who goes on
  };
  Kind kind = Kind::message;
  Message message;
};

/// The diary before `offset` does not hold what an importer is about to put; 0: it has not looked. `heard`: what it
/// knew of the diary then (Exchange::heard()).
struct HeldSince {
  std::uint64_t offset = 0;
  std::uint64_t heard = 0;
};

/// Where a connection was made, or last tried, and what was said to be who.
struct Way {
  std::string address;  ///< HOST:PORT
  std::string key;      ///< its name
};

/// What goes between the main thread and the link thread. Requests other than `write` (entries go through the outbox)
/// and the wish to end go one way, events the other. Events are bounded: a link that finds no room stops reading its
/// socket until there is some, so a terminal slower than the network holds up the server's cursor and nobody's memory
/// grows.
class Exchange {
 public:
  explicit Exchange(Clock& clock = real_clock()) : time_(clock) {}

  // Main thread:

  /// The request is sent when there is a connection, and forgotten when there is none by the time the link looks, or
  /// when the end of one is still to be taken: whoever takes that does not wait for an answer any more. But the diary
  /// (`hi`), which who follows gets in any case.
  void ask(Verb verb, std::uint64_t number = 0, std::string text = {});

  /// Entries are about to be put into the outbox (a thread takes longer to wake up than they take to be written), or
  /// were put there, which is also the moment to try a server again that could not be reached.
  void wake_link() { wanted_.wake(); }

  /// See Sender::hold_since. Set before the entries are put into the outbox.
  void hold_since(HeldSince since);

  /// What has been heard of the diary so far, for Outbox::put().
  std::uint64_t heard() const { return heard_; }

  /// The way that was taken last; empty while there was none.
  Way way() const;

  /// The link is to end without waiting for any answer.
  void stop();

  /// Nothing more will be asked for or written: the link waits for what is due, but not for long (Conversation).
  void leave();

  /// Everything that has come, oldest first. Call after fd() was readable.
  std::deque<Event> take_events();

  /// Readable when there is something to take. For poll(2).
  int fd() const { return filled_.fd(); }

  // Link thread:

  /// See heard(). 0: offline.
  void hear(std::uint64_t heard) { heard_ = heard; }

  /// See way().
  void take_way(Way way);

  /// What was received is never refused; ask has_room() before receiving more.
  void push(Event event);
  bool has_room();

  std::vector<Message> take_requests();
  HeldSince held_since() const;
  bool stopping() const { return stopping_; }
  bool leaving() const { return leaving_; }

  /// The link's time: all its deadlines are of it.
  Clock::Steady now() { return time_.now(); }

  /// Waits until `fd` (-1: none) is ready for `events`, the main thread wants something, there is room again, or
  /// `deadline` passes. Returns what the descriptor is ready for, as poll(2) gives it. The only place where the link
  /// thread waits.
  short wait_for(int fd, short events, std::optional<Clock::Steady> deadline = std::nullopt);

  /// The same for several: sets `revents` of each.
  void wait_for(std::vector<pollfd>& watched, std::optional<Clock::Steady> deadline);

 private:
  bool wait_a_moment(std::vector<pollfd>& watched, std::optional<std::chrono::milliseconds> moment);

  AwakeTime time_;   ///< the link thread's
  WakePipe wanted_;  ///< wakes the link thread
  WakePipe filled_;  ///< wakes the main thread
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> leaving_ = false;
  std::atomic<std::uint64_t> heard_ = 0;
  mutable std::mutex mutex_;  ///< guards what follows; no wait and no system call but a pipe's happens under it
  std::vector<Message> requests_;
  Way way_;
  HeldSince held_since_;
  std::deque<Event> events_;
  std::size_t bytes_ = 0;    ///< of events_
  bool ended_ = false;       ///< among events_ is the end of a connection
  bool found_full_ = false;  ///< the link has asked for room and found none
};

}  // namespace md2

#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

#include "client/terminal/wake_pipe.h"
#include "common/net/message.h"

namespace md2 {

/// What the link thread has to tell the main thread.
struct Event {
  enum class Kind {
    message,  ///< the server sent it
    online,   ///< the server has greeted; number: where its diary ends
    offline,  ///< it can't be reached now; text: why. Said once until it is back
    drained,  ///< everything in the outbox has been saved
    refused,  ///< an entry can never be saved; text: why, and the entry
    fatal,    ///< there is no use in trying again; text: why. The link has ended
  };
  Kind kind = Kind::message;
  Message message;
};

/// The way from the link thread to the main thread. Bounded: a link that finds no room stops reading its socket until
/// there is some, so a terminal slower than the network holds up the server's cursor and nobody's memory grows.
class Inbox {
 public:
  /// `link` is woken when there is room again; it must outlive the inbox.
  explicit Inbox(const WakePipe& link) : link_(link) {}

  /// Link thread. What was received is never refused; ask has_room() before receiving more.
  void push(Event event);
  bool has_room();

  /// Main thread. Everything that has come, oldest first. Call after fd() was readable.
  std::deque<Event> take();

  /// Readable when there is something to take. For poll(2) in the main thread.
  int fd() const { return filled_.fd(); }

 private:
  const WakePipe& link_;
  WakePipe filled_;
  std::mutex mutex_;  ///< guards what follows; no wait and no system call but a pipe's happens under it
  std::deque<Event> events_;
  std::size_t bytes_ = 0;
  bool refused_ = false;  ///< the link has asked for room and found none
};

}  // namespace md2

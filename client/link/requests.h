#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "client/terminal/wake_pipe.h"
#include "common/net/message.h"

namespace md2 {

/// The way from the main thread to the link thread: requests other than `write` (entries go through the outbox), and
/// the wish to end.
class Requests {
 public:
  // Main thread:

  /// The request is sent when there is a connection, and forgotten when there is none by the time the link looks.
  void ask(Verb verb, std::uint64_t number = 0, std::string text = {});

  /// Entries are about to be put into the outbox: a thread takes longer to wake up than they take to be written.
  void outbox_fills() { wake_.wake(); }

  /// Entries were put into the outbox. Also the moment to try a server again that could not be reached.
  void outbox_filled() { wake_.wake(); }

  /// See Sender::hold_since. Set before the entries are put into the outbox.
  void hold_since(std::uint64_t offset) { held_since_ = offset; }

  /// The link is to end without waiting for any answer.
  void stop();

  // Link thread:

  std::vector<Message> take();
  std::uint64_t held_since() const { return held_since_; }
  bool stopping() const { return stopping_; }

  /// Its fd() is readable after each of the above; the inbox also wakes it when there is room again.
  const WakePipe& wake() const { return wake_; }

 private:
  WakePipe wake_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint64_t> held_since_ = 0;
  std::mutex mutex_;  ///< guards requests_; no wait happens under it
  std::vector<Message> requests_;
};

}  // namespace md2

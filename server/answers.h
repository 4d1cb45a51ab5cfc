#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "common/net/message.h"
#include "server/diary/lookup.h"
#include "server/reading.h"

namespace md2 {

/// An announcement as it stands on the wire: one text, however many follow.
using Announcement = std::shared_ptr<const std::string>;

/// `text` must be within max_announcement.
Announcement announcement(std::string_view text);

/// A `write` in the batch of this turn.
struct Added {
  std::uint64_t offset = 0;
  std::string entry;
};

/// An answer that is due. One that is not yet a Message (or an announcement) holds up those behind it.
using Answer = std::variant<Message, Announcement, Lookup, Added, Reading, Read>;

/// The answers that one client is owed, in the order of its requests; how many of which kind, and how much memory they
/// hold.
class Answers {
 public:
  /// A client that is owed as much waits in its socket with whatever else it asks.
  static constexpr std::size_t most = 1024;
  static constexpr std::size_t most_bytes = std::size_t{1} << 20;
  static constexpr std::size_t most_readings = 16;  ///< each holds what it looks for

  bool full() const {
    return due_.size() >= most || bytes_ >= most_bytes || count<Reading>() + count<Read>() >= most_readings;
  }

  void push(Answer due) { insert(due_.end(), std::move(due)); }

  /// What may stand between answers goes before those that take long.
  void push_before_lookups(Answer due) { insert(first_lookup(), std::move(due)); }

  /// `due`, one of these, turns into another.
  void turn(Answer& due, Answer into);

  void pop();
  void clear();

  /// Leaves those that can be said at once, up to the first that can't, and nothing behind it.
  void keep_ready();

  /// What was read is the answer, if the diary was looked at since.
  void confirm_reads(Diary& diary);

  /// What was found so far is the answer.
  void stop_reading();

  /// The diary was changed: an answer is of the file as it was when its turn came, or none.
  void break_off_reading();

  template <typename Kind>
  std::size_t count() const {
    return counts_[index_of<Kind>(std::type_identity<Answer>())];
  }

  bool empty() const { return due_.empty(); }
  std::size_t size() const { return due_.size(); }
  Answer& front() { return due_.front(); }
  const Answer& front() const { return due_.front(); }
  auto begin() { return due_.begin(); }
  auto end() { return due_.end(); }

  /// Where the first Lookup stands; end() when there is none.
  std::deque<Answer>::iterator first_lookup();

  /// Bytes of text that the first one says, if it can be said at once; else 0.
  std::size_t ready_size() const;

  /// Memory, in bytes. An announcement counts with each client that is owed it.
  std::size_t bytes() const { return bytes_; }

 private:
  template <typename Kind, typename... Kinds>
  static constexpr std::size_t index_of(std::type_identity<std::variant<Kinds...>> /*answer*/) {
    std::size_t index = 0;
    static_cast<void>((... || (std::is_same_v<Kind, Kinds> || (++index, false))));
    return index;
  }

  void insert(const std::deque<Answer>::const_iterator& place, Answer due);
  void note(const Answer& due);
  void forget(const Answer& due);

  std::deque<Answer> due_;
  std::array<std::size_t, std::variant_size_v<Answer>> counts_{};
  std::size_t bytes_ = 0;
};

}  // namespace md2

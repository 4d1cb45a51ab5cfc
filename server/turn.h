#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "common/os/clock.h"

namespace md2 {

/// Bytes that a slice of a look-up or a search may read, or what takes as long: about 0.2 ms.
inline constexpr std::size_t slice_budget = std::size_t{1} << 20;

/// What all clients together may take of one turn of the server for work that need not be done in it: looking up,
/// searching, catching up, requests that many others of the same client came before. It is measured in time, because
/// bytes say little of what they cost. Who was left out is the first in the next turn, so everybody's work goes on.
class Share {
 public:
  /// `clock` must outlive it. Without `length` nobody is ever left out.
  explicit Share(Clock& clock, std::optional<std::chrono::microseconds> length = std::nullopt)
      : clock_(clock), length_(length) {}

  /// Calls `serve` for each of `clients`, which stand in the order of their numbers (Turn::join(); `number_of`), and
  /// begins with who was left out first the last time.
  template <typename Clients, typename NumberOf, typename Serve>
  void serve(Clients& clients, NumberOf number_of, Serve serve) {
    const auto first =
        std::find_if(clients.begin(), clients.end(), [&](const auto& client) { return number_of(client) >= next_; });
    begin();
    for (auto client = first; client != clients.end(); ++client) serve(*client);
    for (auto client = clients.begin(); client != first; ++client) serve(*client);
    next_ = left_out_.value_or(next_);
  }

  /// True when the client may do a slice of such work now, about a quarter of a millisecond at most. The first one to
  /// ask in a turn always may.
  bool allows(std::uint64_t client) {
    if (length_ && begun_ && clock_.steady() >= end_) {
      leave_out(client);
      return false;
    }
    begun_ = true;
    return true;
  }

  /// Who was allowed a slice may go on with the next one: there is time left, and nobody was left out the last time.
  bool has_time_to_spare() const { return length_ && !contended_ && clock_.steady() < end_; }

  /// It has work left that another reason than time keeps it from.
  void leave_out(std::uint64_t client) {
    if (!left_out_) left_out_ = client;
  }

 private:
  void begin() {
    contended_ = left_out_.has_value();
    left_out_.reset();
    begun_ = false;
    if (length_) end_ = clock_.steady() + *length_;
  }

  Clock& clock_;
  std::optional<std::chrono::microseconds> length_;
  std::uint64_t next_ = 0;                 ///< with whom the next turn begins, or who comes after him
  std::optional<std::uint64_t> left_out_;  ///< first, in this turn
  bool contended_ = false;                 ///< somebody was left out in the turn before
  bool begun_ = false;                     ///< somebody was allowed something in this turn
  Clock::Steady end_{};
};

/// What one turn of the server has to give.
class Turn {
 public:
  /// `clock` must outlive it. Without `length` nobody is ever left out.
  explicit Turn(Clock& clock, std::optional<std::chrono::microseconds> length = std::nullopt)
      : requests(clock, half(length)), answers(clock, half(length)), clock_(clock) {}

  Clock& clock() const { return clock_; }

  /// A number for a client, greater than all before it.
  std::uint64_t join() { return ++joined_; }

  Share requests;  ///< what is asked, and looked up
  Share answers;   ///< what is searched, and read for those who follow

 private:
  static std::optional<std::chrono::microseconds> half(std::optional<std::chrono::microseconds> length) {
    if (length) *length /= 2;
    return length;
  }

  Clock& clock_;
  std::uint64_t joined_ = 0;
};

/// That of the real clock, in which nobody is ever left out.
Turn& endless_turn();

}  // namespace md2

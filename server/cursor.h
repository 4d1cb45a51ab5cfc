#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/net/message.h"
#include "server/diary/diary.h"

namespace md2 {

/// Room for the header line of a message and the newline behind its text, in bytes.
constexpr std::size_t framing_size = 64;

/// Bytes of the diary in one message. With its framing it fills whole TLS records (16 KiB, RFC 8446, 5.1): a small one
/// at the end would cost the client as much as a full one. And it is little to hold for a client that does not take it.
constexpr std::size_t piece_size = (std::size_t{64} << 10) - framing_size;

/// A place from which a `hi` may begin.
struct DiaryPlace {
  std::uint64_t offset = 0;
  std::uint64_t check = 0;  ///< check_before() it
};

/// `end`, or where the line begins that is not whole there and may still go on: then it comes whole. One that is longer
/// than longest_last_line bytes goes on in its middle.
constexpr std::size_t longest_last_line = 4096;
DiaryPlace last_place(const Diary& diary, std::uint64_t end);

/// Where a client that follows the diary (`hi`) has come to: an offset, and the bytes before it, by which the place is
/// known again. History, live entries and catching up are the same thing to it, and no entry is ever queued.
class Cursor {
 public:
  /// `catching_up`: `now` is due when it reaches the end of the diary.
  enum class State { off, catching_up, live };

  /// `diary` must outlive it.
  explicit Cursor(const Diary& diary) : diary_(diary) {}

  /// The OFFSET of a greeting: the diary's last_place(). A `hi` from there that brings no check is for the diary as it
  /// is now.
  std::uint64_t greet();

  State state() const { return state_; }

  /// There is something to say of the diary, or `now`.
  bool behind() const;

  /// Begins at OFFSET if CHECK fits what stands before it (0 fits always). Else it is off, and the answer is given.
  std::optional<Message> begin(const Message& hi);

  /// What is left of catching up is not said: it goes on at the end of the diary.
  void skip();

  void end() { state_ = State::off; }

  /// Ends, and gives the message that says why and where a `hi` may begin: at the diary's end of now, or where its last
  /// line began that may still go on.
  Message broken_off(std::string why);

  /// Appends to `out` what stands behind the cursor, about `budget` bytes at most, and `now`. Where the bytes before it
  /// are others, it ends, and the answer is given.
  std::optional<Message> produce(std::string& out, std::size_t budget);

 private:
  std::string before(std::uint64_t offset) const;

  const Diary& diary_;
  DiaryPlace greeted_;
  State state_ = State::off;
  std::uint64_t offset_ = 0;  ///< everything before it has been said
  std::string before_;        ///< the bytes before it: checked_length or all
};

}  // namespace md2

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace md2 {

/// Where in the diary a client is that follows it, so that it can go on there after its connection has broken, though
/// the owner may have saved meanwhile. It asks again from the beginning of a line, whose check (check_before()) the
/// server compares; what it had shown of that line comes once more, and is shown once more only when it is other bytes.
/// A check in the middle of a line would be weaker: a run of one character looks the same wherever it is cut.
class Bookmark {
 public:
  /// For `hi OFFSET CHECK`.
  std::uint64_t offset() const { return offset_; }
  std::uint64_t check() const { return check_; }

  /// What was received, in bytes of the diary.
  std::uint64_t end() const { return offset_ + line_.size(); }

  /// It was asked again from offset() on.
  void begin_again();

  /// What a piece of the diary is to those who have seen what came before.
  enum class Piece {
    seen,     ///< it has come before
    more,     ///< `offset` and `text` are what comes next
    instead,  ///< `offset` and `text` are what now stands where a part of a line has been shown
  };
  Piece take(std::uint64_t& offset, std::string& text);

  /// Leaves of a piece what lies behind end(). False when the bytes before offset() are not those that check() speaks
  /// of: the piece is of another state of the diary.
  bool pass_over(std::uint64_t& offset, std::string& text);

  /// The server says which bytes stand before the end(): where it is the offset() of a greeting, they were not known.
  void confirm(std::uint64_t end, std::uint64_t check);

  /// The server says that the diary goes on there, and which bytes stand before.
  void go_on_from(std::uint64_t offset, std::uint64_t check);

 private:
  void advance(std::string_view text);

  std::uint64_t offset_ = 0;  ///< the beginning of a line, as a rule
  std::uint64_t check_ = 0;   ///< of what stands before offset_; 0: not known
  std::string before_;        ///< the last checked_length bytes before offset_, as far as they came
  std::string line_;          ///< what has come from there on
  std::string passed_;        ///< the last checked_length bytes that were passed over
  std::uint64_t passed_to_ = 0;
  std::string again_;  ///< what had come over an earlier connection and is to come again; or empty
};

}  // namespace md2

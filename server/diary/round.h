#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/text/literal.h"

namespace md2 {

/// What all headers begin with that somebody looks for: often the day or more. A diary of years has few of them, and
/// what has none passes by as fast as it is read.
class HeaderBegin {
 public:
  void add(std::string_view header);

  /// As it stands at the beginning of a line behind another one.
  Literal line() const { return Literal("\n" + std::string(begin_.value_or("["))); }

 private:
  std::optional<std::string_view> begin_;  ///< of what was added first
};

/// Goes round a diary, chunk by chunk and from wherever it was last, and meets each header that begins a line. Who
/// looks for entries knows by a Round when all of the diary has passed by.
class HeaderWalk {
 public:
  /// Reads `size` bytes of the diary from `offset` and returns how many it got: fewer only where the diary ends.
  using Read = std::function<std::size_t(std::uint64_t offset, char* to, std::size_t size)>;

  /// Takes the place of a header, its header_length bytes and those behind it that were read. False: the walk is to
  /// rest before the next one.
  using Take = std::function<bool(std::uint64_t place, std::string_view from_header)>;

  /// What was looked through, in bytes of the diary.
  struct Seen {
    std::uint64_t from = 0;
    std::uint64_t to = 0;

    std::uint64_t size() const { return to - from; }
  };

  /// Looks through the next chunk of what stands from `first` to before `end`, which is behind its last header; at the
  /// end it goes on at `first` the next time. Only headers that begin as `line` are met (HeaderBegin).
  Seen step(const Literal& line, const Read& read, std::uint64_t first, std::uint64_t end, const Take& take);

 private:
  std::uint64_t position_ = 0;
};

/// True when the entry `text` (without its end) stands at `place` of the diary, of which `from_header` was read there
/// already. In a diary that a tool has sorted by lines, what this has put under an entry is no part of it
/// (is_behind_text()). Throws what `read` does.
bool stands_at(const HeaderWalk::Read& read, std::uint64_t place, std::string_view text, std::string_view from_header);

/// A part of the diary that is to be looked through once, from whichever of its places one begins. What is appended
/// meanwhile is no part of it.
class Round {
 public:
  Round() = default;
  Round(std::uint64_t begin, std::uint64_t end) : begin_(begin), end_(end), left_(end - begin) {}

  void saw(const HeaderWalk::Seen& seen);
  bool done() const { return left_ == 0; }

 private:
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t left_ = 0;  ///< bytes
};

}  // namespace md2

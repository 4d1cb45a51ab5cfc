#pragma once

#include <cstdint>
#include <string_view>

#include "server/diary/diary_file.h"
#include "server/diary/recent.h"

namespace md2 {

/// The end of a diary as it is known: Recent, kept up with what others append to the file. An entry of theirs is known
/// as soon as it is whole; the last one, which may still go on, when something is to be appended behind it.
class KnownEnd {
 public:
  /// The file ends at `end`, and nobody knows what stands before: its last entries are looked at. Throws Error, as all
  /// that is given a file.
  void begin_at(const DiaryFile& file, std::uint64_t end);

  /// Others have appended what stands from `before` to `end`. False, and nothing is taken in, when that is more than is
  /// read at once: begin_at() is to be called.
  bool grow(const DiaryFile& file, std::uint64_t before, std::uint64_t end);

  /// The diary ends at `end`, and so does its last entry, as long as nothing is added to it.
  void finish_last(const DiaryFile& file, std::uint64_t end);

  /// What the diary ends with at `end` goes on no more: all entries before it are known.
  void close_at(std::uint64_t end) { taken_in_ = end; }

  /// `bytes` of our own were appended, right behind all that is known, and the diary ends at `end`. Their entries were
  /// given to Recent::add().
  void appended(std::string_view bytes, std::uint64_t end);

  /// From here to the end stands only what this server has appended.
  std::uint64_t own_from() const { return own_from_; }

  Recent& recent() { return recent_; }
  const Recent& recent() const { return recent_; }

 private:
  std::uint64_t know(std::uint64_t offset, std::string_view bytes, bool finished);

  Recent recent_;
  std::uint64_t own_from_ = 0;
  std::uint64_t taken_in_ = 0;    ///< what others appended before it is in recent_
  std::uint64_t rest_known_ = 0;  ///< and so is the rest, if the diary ends there
};

}  // namespace md2

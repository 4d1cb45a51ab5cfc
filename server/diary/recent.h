#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace md2 {

/// What is remembered of the end of the diary, in memory and bounded: the last bytes of the file, to know the place
/// again; the last entries that this server appended, should the owner write over them; and a hash of every entry that
/// came from begin() on.
///
/// A `write` whose SINCE is not before begin() need not read the diary to learn that it is new, which is how nearly all
/// of them are. Hashes are kept in segments in the order of the file. begin() moves on when the oldest segment goes;
/// of what stands before it, Lookup reads the diary. A client that keeps up with the others asks with a SINCE near the
/// end, and then only the last segment is looked into, which the processor has at hand.
class Recent {
 public:
  static constexpr std::size_t segment_size = 1024;  ///< hashes
  static constexpr std::size_t max_segments = 16;    ///< together about 1 MiB of memory
  static constexpr std::size_t tail_length = 64;     ///< a header and a bit of text: enough to know the place again
  static constexpr std::size_t kept_length = std::size_t{128} << 10;  ///< bytes that are kept at least

  /// The diary ends at `end`, in the bytes `tail` (tail_length of them or all), and nobody knows what stands before:
  /// begin() is there. Bytes that were appended stay.
  void begin_at(std::uint64_t end, std::string tail);

  /// The entry will stand at `offset`, behind all that were added before.
  void add(std::uint64_t offset, std::string_view encoded);

  /// These bytes were appended to the file, whole entries, right behind all that is known.
  void append(std::string_view bytes);

  /// Where the entries begin that are known.
  std::uint64_t begin() const { return begin_; }

  /// False only when the entry does not stand at or behind `since`, which is not before begin(). True is a guess that
  /// the diary has to confirm: an entry that was added may have failed to get into the file.
  bool may_contain(std::string_view encoded, std::uint64_t since) const;

  /// The bytes before the end of the diary.
  const std::string& tail() const { return tail_; }

  /// The last of the bytes that were appended, whole entries, which are forgotten then.
  std::string take_appended() { return std::exchange(appended_, {}); }

 private:
  struct Segment {
    std::uint64_t begin;  ///< offset of its first entry
    std::unordered_set<std::size_t> hashes;
  };

  std::string tail_;
  std::string appended_;
  std::uint64_t begin_ = 0;
  std::deque<Segment> segments_;  ///< by offset
};

}  // namespace md2

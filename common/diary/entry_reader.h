#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/diary/entry.h"

namespace md2 {

/// What a person wrote, from an item's bytes (see EntryReader::Item): a view into `raw` or, when a line of it is
/// escaped or ends in CR LF, into `scratch`. Such lines come of an editor, and the CR is no part of the text.
std::string_view item_text(std::string_view raw, bool has_header, std::string& scratch);

/// True for an entry's bytes with the empty line that ends it, also where an editor has made CR LF of its newline.
inline bool has_empty_line(std::string_view raw) {
  return raw.ends_with("\n\n") || raw.ends_with("\n\r\n");
}

/// What an item lacks, in newlines, to end as the diary format has it.
std::size_t missing_newlines(std::string_view raw, bool has_header);

/// Bytes of the item that `rest` begins with, as EntryReader gives it; 0 while its end has not been seen. `finished`:
/// nothing follows `rest`. `scanned`: bytes that are known not to end it, 0 at first; for the next call, with more
/// bytes.
std::size_t item_length(std::string_view rest, bool finished, std::size_t& scanned);

/// Splits the bytes of a diary, as they come, into entries and loose lines (what stands in the file without a header:
/// an old diary, a note made in an editor). Nothing is dropped: the `raw` of all items, one after another, is the
/// input.
///
/// An entry ends at an empty line, or where the next header begins if an editor took the empty line away. A byte order
/// mark that some editor put in front of a header is a loose line of its own, without a newline. A loose line
/// over max_encoded bytes comes in parts, and so does what follows the first max_encoded bytes of an entry: memory is
/// bounded whatever the file holds.
class EntryReader {
 public:
  struct Item {
    std::uint64_t offset = 0;       ///< of `raw` in the diary
    std::string raw;                ///< as it stands in the diary, ending newlines included
    std::optional<Timestamp> time;  ///< nothing for a loose line

    /// What a person wrote: of an entry the text, of a loose line the line without its newline.
    std::string text() const;
  };

  /// `offset`: where in the diary the first byte that will be fed stands.
  explicit EntryReader(std::uint64_t offset = 0) : offset_(offset) {}

  void feed(std::string_view bytes);

  /// The next item that is known to be whole.
  std::optional<Item> next();

  /// After the last byte: next() then also gives what has no ending of its own.
  void finish() { finished_ = true; }
  bool finished() const { return finished_; }

  /// Where in the diary the first byte stands that has not been given out.
  std::uint64_t offset() const { return offset_; }

  /// Bytes fed and not yet given out.
  std::size_t pending() const { return buffer_.size() - begin_; }

 private:
  std::string buffer_;
  std::size_t begin_ = 0;    ///< of the next item in buffer_
  std::size_t scanned_ = 0;  ///< bytes of it that are known not to end it
  std::uint64_t offset_;
  bool finished_ = false;
};

}  // namespace md2

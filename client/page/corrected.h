#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/diary/correction.h"
#include "common/diary/entry_reader.h"

namespace md2 {

/// What of an entry is read.
enum class Ink {
  newest,  ///< its latest correction in its place, as `r` answers
  all,     ///< everything as it was written, as `raw` does
};

/// An item of the diary as a person reads it.
struct ReadItem {
  EntryReader::Item item;              ///< what stands in the diary; an entry's time is the one that counts
  std::string text;                    ///< the newest, without what only storing it needed
  std::optional<Timestamp> corrected;  ///< when: `text` is not that of `item`, but of its correction
  std::optional<EntryName> corrects;   ///< `item` is itself a correction of that entry; `text` is empty: it strikes it

  bool strikes() const { return corrects && text.empty(); }
};

/// The item by itself.
ReadItem read_item(EntryReader::Item item);

/// Splits the bytes of an answer as EntryReader does; of an entry that is followed by its correction it makes one item,
/// so the last one is known to be whole only when what follows it is.
class CorrectedReader {
 public:
  explicit CorrectedReader(Ink ink = Ink::newest) : ink_(ink) {}

  void feed(std::string_view bytes) { reader_.feed(bytes); }

  /// The next item that is known to be whole.
  std::optional<ReadItem> next();

  /// After the last byte: next() then also gives what has no ending of its own.
  void finish() { reader_.finish(); }
  bool finished() const { return reader_.finished(); }

 private:
  Ink ink_;
  EntryReader reader_;
  std::optional<EntryReader::Item> first_;  ///< given out when it is known whether its correction follows
};

}  // namespace md2

#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "client/link/entry_clock.h"
#include "common/diary/entry_reader.h"

namespace md2 {

/// What import made of one entry or paragraph of its input.
struct Imported {
  std::string encoded;        ///< in diary format; empty when there is a fault
  bool has_own_time = false;  ///< it was an entry in diary format; else a paragraph, whose time is now
  std::uint64_t line = 0;     ///< where it begins in the input, counted from 1
  std::string fault;          ///< why it can't be an entry, with the number of the line; empty when it can
};

/// Turns text into entries. What is in diary format stays as it is, with its own time; everything else is paragraphs,
/// with blank lines (of spaces, U+3000 and their kin, too) between them, and each becomes an entry of now. A file may
/// mix both.
///
/// Import is a conversion, and drops what older systems put around text: a byte order mark at the beginning, the CR
/// before a newline or the end, blank lines, white space at the end of an entry; of one in diary format, which other
/// diaries may hold as it is, only ASCII's. Nothing else is changed: a paragraph
/// that can't be an entry is a fault and left out whole. A line `[2015-10-28 21:26] text` is not our header (no
/// fraction, no offset: jrnl's) and stays text.
///
/// Memory is bounded by the size of one piece and one entry, whatever the input.
class Importer {
 public:
  /// `clock` gives the times of paragraphs, and must outlive this.
  explicit Importer(EntryClock& clock) : clock_(clock) {}

  /// The next piece of the input, of any size.
  void feed(std::string_view bytes);

  /// After the last piece: next() then also gives what has no ending of its own.
  void finish();

  /// The next entry or fault, in the order of the input; nothing when more must be fed.
  std::optional<Imported> next();

 private:
  void take(const EntryReader::Item& item);
  void end_paragraph();

  EntryClock& clock_;
  EntryReader reader_;
  bool at_beginning_ = true;  ///< the input may still turn out to begin with a byte order mark
  std::string held_;          ///< not given to the reader before what follows is known: a part of a mark, a CR
  std::uint64_t line_ = 1;    ///< of the item that the reader gives next
  bool inside_line_ = false;  ///< the last item was a part of a line: it had no newline
  std::string paragraph_;     ///< over max_encoded bytes: it has more than an entry may have, and no more is kept of it
  std::uint64_t paragraph_line_ = 0;  ///< where it begins; 0 when there is none
  bool in_cut_entry_ = false;         ///< up to the next blank line: the rest of an entry that is a fault already
  std::deque<Imported> ready_;        ///< for next(): what ends a paragraph may be an entry
};

/// Makes an import of an entry that EntryReader gave (an item with a time), which begins in this line. Where an editor
/// took away the empty line behind it or left white space at its end, both are put right; else its bytes stay.
Imported import_entry(const EntryReader::Item& item, std::uint64_t line);

}  // namespace md2

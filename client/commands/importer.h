#pragma once

#include <cstddef>
#include <cstdint>
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
/// with blank lines (of spaces and tabs, too) between them, and each becomes an entry of now. A file may mix both.
///
/// Import is a conversion, and drops what older systems put around text: a byte order mark at the beginning, the CR
/// before a newline or the end, blank lines, white space at the end of an entry. Nothing else is changed: a paragraph
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
  std::optional<Imported> take(EntryReader::Item item);
  void take_line(std::string_view raw);
  void pass(std::string_view raw);
  Imported take_entry(const EntryReader::Item& item);
  Imported end_paragraph();
  std::string_view without_mark(std::string_view bytes);

  EntryClock& clock_;
  EntryReader reader_;
  std::size_t mark_ = 0;  ///< bytes of a byte order mark seen at the beginning
  bool cr_ = false;       ///< a CR whose next byte has not come yet
  bool finished_ = false;
  std::uint64_t line_ = 1;    ///< of the item that the reader gives next
  bool inside_line_ = false;  ///< the last item was a part of a line: it had no newline
  std::string paragraph_;
  std::uint64_t paragraph_line_ = 0;       ///< where it begins; 0 when there is none
  bool too_long_ = false;                  ///< the paragraph was longer than is kept
  bool cut_entry_ = false;                 ///< up to the next blank line: the rest of an entry that is a fault already
  std::optional<EntryReader::Item> held_;  ///< the entry that ended the paragraph
};

/// Makes an import of an entry that EntryReader gave (an item with a time), which begins in this line. Where an editor
/// took away the empty line behind it or left white space at its end, both are put right; else its bytes stay.
Imported import_entry(const EntryReader::Item& item, std::uint64_t line);

}  // namespace md2

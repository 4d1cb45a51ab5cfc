#pragma once

#include "client/import/item.h"
#include "client/import/source.h"
#include "common/diary/entry_reader.h"

namespace md2 {

/// md2's own diary format, and paragraphs: a file may mix both. An entry has its own time and its stored text, blanks
/// that an editor left at its ends included. Everything else is paragraphs, with blank lines (of spaces, U+3000 and
/// their kin, too) between them.
///
/// What older systems put around text is dropped: a byte order mark at the beginning, the CR before a newline or the
/// end.
///
/// Memory is bounded by the size of one piece and one entry, whatever the input.
void read_diary(Source& source, const TakeItem& take);

/// Paragraphs and nothing else, whatever their lines look like.
void read_paragraphs(Source& source, const TakeItem& take);

/// An entry that EntryReader gave (with a time), which begins in this line.
Item item_of_entry(const EntryReader::Item& entry, std::uint64_t line);

}  // namespace md2

#include "client/import/diary_reader.h"

#include <algorithm>
#include <utility>

#include "client/import/dated_items.h"
#include "common/diary/entry.h"
#include "common/text/text.h"

namespace md2 {
namespace {

class DiaryReader {
 public:
  explicit DiaryReader(const TakeItem& take) : take_(take) {}

  void feed(std::string_view bytes);
  void finish();

 private:
  void take_all();
  void take(const EntryReader::Item& item);
  void end_paragraph(bool is_open = false);

  const TakeItem& take_;
  EntryReader reader_;
  bool at_beginning_ = true;  ///< the input may still turn out to begin with a byte order mark
  std::string held_;          ///< not given to the reader before what follows is known: a part of a mark, a CR
  std::uint64_t line_ = 1;    ///< of the item that the reader gives next
  bool inside_line_ = false;  ///< the last item was a part of a line: it had no newline
  std::string paragraph_;     ///< over max_encoded bytes: it has more than an entry may have, and no more is kept of it
  std::uint64_t paragraph_line_ = 0;  ///< where it begins; 0 when there is none
  bool in_cut_entry_ = false;         ///< up to the next blank line: the rest of an entry that is a fault already
};

void DiaryReader::feed(std::string_view bytes) {
  held_ += bytes;
  if (at_beginning_ && held_.size() < byte_order_mark.size() && byte_order_mark.starts_with(held_)) return;
  std::string_view rest = held_;
  if (std::exchange(at_beginning_, false) && rest.starts_with(byte_order_mark)) {
    rest.remove_prefix(byte_order_mark.size());
  }
  for (std::size_t cr = rest.find("\r\n"); cr != rest.npos; cr = rest.find("\r\n")) {
    reader_.feed(rest.substr(0, cr));
    rest.remove_prefix(cr + 1);
  }
  const bool cr = rest.ends_with('\r');
  if (cr) rest.remove_suffix(1);
  reader_.feed(rest);
  held_.assign(cr ? 1 : 0, '\r');
  take_all();
}

void DiaryReader::finish() {
  if (at_beginning_) reader_.feed(held_);
  reader_.finish();
  take_all();
  if (paragraph_line_ != 0) end_paragraph(true);
}

void DiaryReader::take_all() {
  while (const auto item = reader_.next()) take(*item);
}

void DiaryReader::take(const EntryReader::Item& item) {
  const bool blank = !item.time && !inside_line_ && trimmed(item.raw).empty();
  if (item.time || blank) {
    if (paragraph_line_ != 0) end_paragraph();
    in_cut_entry_ = false;
    if (item.time) {
      Item entry = item_of_entry(item, line_);
      in_cut_entry_ = entry.is_cut;
      take_(std::move(entry));
    }
  } else if (!in_cut_entry_) {
    if (paragraph_line_ == 0) paragraph_line_ = line_;
    // White space at the end might bring it below the limit again, but nobody writes half a megabyte of that.
    if (paragraph_.size() <= max_encoded) paragraph_ += item.raw;
  }
  line_ += static_cast<std::uint64_t>(std::ranges::count(item.raw, '\n'));
  inside_line_ = !item.raw.ends_with('\n');
}

void DiaryReader::end_paragraph(bool is_open) {
  Item item;
  item.is_open = is_open;
  item.line = paragraph_line_;
  item.is_cut = paragraph_.size() > max_encoded;
  item.text = std::exchange(paragraph_, {});
  if (item.text.starts_with(byte_order_mark)) item.text.erase(0, byte_order_mark.size());  // of a file behind another
  paragraph_line_ = 0;
  take_(std::move(item));
}

}  // namespace

void read_diary(Source& source, const TakeItem& take) {
  DiaryReader reader(take);
  for (std::string_view piece = source.next(); !piece.empty(); piece = source.next()) reader.feed(piece);
  reader.finish();
}

void read_paragraphs(Source& source, const TakeItem& take) {
  SourceLines lines(source);
  DatedItems items(take);
  while (const auto line = lines.next()) items.add(*line, lines.number());
  items.end_of_input();
}

Item item_of_entry(const EntryReader::Item& entry, std::uint64_t line) {
  Item item;
  item.kind = Item::Kind::exact;
  item.time = *entry.time;
  item.is_stored = true;
  item.is_cut = entry.raw.size() >= max_encoded && !entry.raw.ends_with("\n\n");
  item.is_unended = !entry.raw.ends_with('\n') && entry.raw.size() < max_encoded;
  item.is_open = !entry.raw.ends_with("\n\n");
  item.line = line;
  item.text = entry.text();
  return item;
}

}  // namespace md2

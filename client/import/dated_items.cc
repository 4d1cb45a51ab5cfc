#include "client/import/dated_items.h"

#include <utility>

#include "common/text/text.h"

namespace md2 {

void DatedItems::begin(Timestamp time, std::uint64_t line) {
  end();
  time_ = time;
  line_ = line;
}

void DatedItems::begin_paragraphs() {
  end();
  time_.reset();
}

void DatedItems::add(std::string_view text, std::uint64_t line) {
  if (!time_ && trimmed(text).empty()) return end();
  if (!time_ && text_.empty()) line_ = line;
  if (text_.empty()) text_line_ = line;
  text_.add(text);
}

void DatedItems::give(bool is_open) {
  Item item;
  item.is_open = is_open;
  item.line = line_;
  item.text_line = text_line_;
  item.is_cut = text_.is_cut();
  item.text = text_.take();
  if (time_) item.kind = Item::Kind::dated;
  if (time_) item.time = *time_;
  if (item.is_cut || has_words(item.text)) take_(std::move(item));
}

}  // namespace md2

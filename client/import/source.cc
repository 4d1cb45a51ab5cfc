#include "client/import/source.h"

#include <algorithm>
#include <utility>

#include "common/diary/entry.h"
#include "common/text/text.h"

namespace md2 {

bool SourceLines::fill() {
  if (ended_) return false;
  buffer_.erase(0, std::exchange(begin_, 0));
  const std::string_view more = source_.next();
  ended_ = more.empty();
  buffer_ += more;
  return !ended_;
}

std::optional<std::string_view> SourceLines::next() {
  std::size_t looked = 0;  // bytes from begin_ on in which there is no newline
  std::size_t end = 0;
  std::size_t dropped_from = std::string::npos;
  for (;;) {
    end = buffer_.find('\n', begin_ + looked);
    if (end != buffer_.npos) break;
    looked = buffer_.size() - begin_;
    if (looked > 2 * max_encoded) {  // what comes goes into the place of what is cut off
      dropped_from = 2 * max_encoded;
      buffer_.resize(begin_ + dropped_from);
      looked = dropped_from;
    }
    if (fill()) continue;
    if (begin_ == buffer_.size()) return std::nullopt;
    end = buffer_.size();
    break;
  }
  std::string_view line = std::string_view(buffer_).substr(begin_, std::min(end - begin_, dropped_from));
  begin_ = std::min(end + 1, buffer_.size());
  if (number_++ == 0 && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void GatheredText::add(std::string_view line) {
  if (any_ && !is_cut_) text_ += '\n';
  any_ = true;
  is_cut_ = is_cut_ || text_.size() + line.size() > max_encoded;
  if (!is_cut_) text_ += line;
}

std::string GatheredText::take() {
  any_ = is_cut_ = false;
  return std::exchange(text_, {});
}

}  // namespace md2

#include "common/entry_reader.h"

#include <algorithm>

namespace md2 {

std::string_view text_of(std::string_view raw, bool has_header, std::string& scratch) {
  if (raw.ends_with('\n')) raw.remove_suffix(1);
  if (!has_header) return raw;
  if (raw.ends_with('\n')) raw.remove_suffix(1);
  raw.remove_prefix(header_length);
  if (raw.find("\n ") == std::string_view::npos) return raw;
  return scratch = unescaped(raw);
}

std::string EntryReader::Item::text() const {
  std::string scratch;
  return std::string(text_of(raw, time.has_value(), scratch));
}

void EntryReader::feed(std::string_view bytes) {
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  buffer_.append(bytes);
}

/// Length of the entry that begins at begin_, 0 while its end has not been seen.
std::size_t EntryReader::entry_length() {
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  // Every line but the first may turn out to be the empty line or the next header, and both need only its first bytes.
  for (std::size_t line = scanned_;;) {
    const std::size_t newline = rest.find('\n', line);
    if (newline == std::string_view::npos) {
      if (rest.size() >= max_encoded) return max_encoded;
      return finished_ ? rest.size() : 0;
    }
    const std::size_t next = newline + 1;
    if (next >= max_encoded) return max_encoded;
    if (next == rest.size()) return finished_ ? next : 0;
    if (rest[next] == '\n') return next + 1;
    if (rest[next] == '[') {
      if (rest.size() - next < header_length && !finished_) return 0;
      if (parse_header(rest.substr(next))) return next;
    }
    scanned_ = line = next;
  }
}

std::size_t EntryReader::item_length() {
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  if (rest.empty()) return 0;
  if (rest[0] == '[') {
    if (rest.size() < header_length && !finished_ && rest.find('\n') == std::string_view::npos) return 0;
    if (parse_header(rest)) return entry_length();
  }
  const std::size_t newline = rest.find('\n', scanned_);
  if (newline != std::string_view::npos) return std::min(newline + 1, max_encoded);
  if (rest.size() >= max_encoded) return max_encoded;
  if (finished_) return rest.size();
  scanned_ = rest.size();
  return 0;
}

std::optional<EntryReader::Item> EntryReader::next() {
  const std::size_t length = item_length();
  if (length == 0) return std::nullopt;
  Item item{offset_, buffer_.substr(begin_, length), std::nullopt};
  item.time = parse_header(item.raw);
  begin_ += length;
  offset_ += length;
  scanned_ = 0;
  return item;
}

}  // namespace md2

#include "common/diary/entry_reader.h"

#include <algorithm>

namespace md2 {
namespace {

/// item_length of an entry.
std::size_t entry_length(std::string_view rest, bool finished, std::size_t& scanned) {
  // Every line but the first may turn out to be the empty line or the next header, and both need only its first bytes.
  for (std::size_t line = scanned;;) {
    const std::size_t newline = rest.find('\n', line);
    if (newline == std::string_view::npos) {
      if (rest.size() >= max_encoded) return max_encoded;
      return finished ? rest.size() : 0;
    }
    const std::size_t next = newline + 1;
    if (next >= max_encoded) return max_encoded;
    if (next == rest.size()) return finished ? next : 0;
    if (rest[next] == '\n') return next + 1;
    if (rest[next] == '[') {
      if (rest.size() - next < header_length && !finished) return 0;
      if (is_header(rest.substr(next))) return next;
    }
    scanned = line = next;
  }
}

}  // namespace

std::size_t item_length(std::string_view rest, bool finished, std::size_t& scanned) {
  if (rest.empty()) return 0;
  if (rest[0] == '[') {
    if (rest.size() < header_length && !finished && rest.find('\n') == std::string_view::npos) return 0;
    if (is_header(rest)) return entry_length(rest, finished, scanned);
  }
  const std::size_t newline = rest.find('\n', scanned);
  if (newline != std::string_view::npos) return std::min(newline + 1, max_encoded);
  if (rest.size() >= max_encoded) return max_encoded;
  if (finished) return rest.size();
  scanned = rest.size();
  return 0;
}

std::string_view item_text(std::string_view raw, bool has_header, std::string& scratch) {
  if (raw.ends_with('\n')) raw.remove_suffix(1);
  if (!has_header) return raw;
  if (raw.ends_with('\n')) raw.remove_suffix(1);
  raw.remove_prefix(header_length);
  if (raw.find("\n ") == std::string_view::npos) return raw;
  return scratch = unescaped(raw);
}

std::string EntryReader::Item::text() const {
  std::string scratch;
  return std::string(item_text(raw, time.has_value(), scratch));
}

void EntryReader::feed(std::string_view bytes) {
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<EntryReader::Item> EntryReader::next() {
  const std::size_t length = item_length(std::string_view(buffer_).substr(begin_), finished_, scanned_);
  if (length == 0) return std::nullopt;
  Item item{offset_, buffer_.substr(begin_, length), std::nullopt};
  item.time = parse_header(item.raw);
  begin_ += length;
  offset_ += length;
  scanned_ = 0;
  return item;
}

}  // namespace md2

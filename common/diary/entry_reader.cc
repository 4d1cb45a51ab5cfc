#include "common/diary/entry_reader.h"

#include <algorithm>

#include "common/text/text.h"

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
    if (rest[next] == '\r') {
      if (next + 1 == rest.size()) return finished ? next + 1 : 0;
      if (rest[next + 1] == '\n') return next + 2;
    }
    if (rest[next] == '[') {
      if (rest.size() - next < header_length && !finished) return 0;
      if (is_header(rest.substr(next))) return next;
    }
    scanned = line = next;
  }
}

/// item_length of a loose line.
std::size_t line_length(std::string_view rest, bool finished, std::size_t& scanned) {
  const std::size_t newline = rest.find('\n', scanned);
  if (newline != std::string_view::npos) return std::min(newline + 1, max_encoded);
  if (rest.size() >= max_encoded) return max_encoded;
  if (finished) return rest.size();
  scanned = rest.size();
  return 0;
}

/// Of a byte order mark with a header behind it; nothing when something else stands there, 0 while that is not known.
std::optional<std::size_t> mark_length(std::string_view rest, bool finished) {
  if (!rest.starts_with(byte_order_mark)) return std::nullopt;
  const std::string_view line = rest.substr(byte_order_mark.size());
  if (is_header(line)) return byte_order_mark.size();
  if (line.size() >= header_length || finished || line.find('\n') != line.npos) return std::nullopt;
  return 0;
}

std::size_t item_length(std::string_view rest, bool has_header, bool finished, std::size_t& scanned) {
  if (has_header) return entry_length(rest, finished, scanned);
  if (rest.empty()) return 0;
  if (rest[0] == '[' && rest.size() < header_length && !finished && rest.find('\n') == rest.npos) return 0;
  if (const auto mark = mark_length(rest, finished)) return *mark;
  return line_length(rest, finished, scanned);
}

/// item_text where every line ends in a newline alone.
std::string_view text_of_lines(std::string_view raw, bool has_header, std::string& scratch) {
  if (raw.ends_with('\n')) raw.remove_suffix(1);
  if (!has_header) return raw;
  if (raw.ends_with('\n')) raw.remove_suffix(1);
  raw.remove_prefix(header_length);
  if (raw.find("\n ") == std::string_view::npos) return raw;
  return scratch = unescaped(raw);
}

}  // namespace

std::size_t missing_newlines(std::string_view raw, bool has_header) {
  if (!raw.ends_with('\n')) return has_header ? 2 : 1;
  return has_header && !has_empty_line(raw) ? 1 : 0;
}

std::size_t item_length(std::string_view rest, bool finished, std::size_t& scanned) {
  return item_length(rest, is_header(rest), finished, scanned);
}

std::string_view item_text(std::string_view raw, bool has_header, std::string& scratch) {
  // Where there is no CR, which is nearly everywhere, the bytes are looked at once, by memchr(3).
  if (raw.find('\r') == std::string_view::npos) return text_of_lines(raw, has_header, scratch);
  const std::string lines = unix_text(raw);
  std::string unescaped;
  const std::string_view text = text_of_lines(lines, has_header, unescaped);
  return scratch = std::string(text);
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
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  const std::optional<Timestamp> time = parse_header(rest);
  const std::size_t length = item_length(rest, time.has_value(), finished_, scanned_);
  if (length == 0) return std::nullopt;
  Item item{offset_, std::string(rest.substr(0, length)), time};
  begin_ += length;
  offset_ += length;
  scanned_ = 0;
  return item;
}

}  // namespace md2

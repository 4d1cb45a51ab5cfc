#include "client/commands/importer.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/diary/entry.h"
#include "common/text/lines.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// The reason of text_error() with the line counted from `line` on.
std::string fault_in(std::string_view text, std::uint64_t line) {
  constexpr std::string_view first = "line 1 ";
  for (const std::string_view one : Lines(text)) {
    const std::string fault = text_error(one);
    if (!fault.empty()) return fmt::format("line {} {}", line, std::string_view(fault).substr(first.size()));
    ++line;
  }
  return {};
}

Imported imported(Timestamp time, std::string_view text, std::uint64_t line) {
  Imported result;
  result.line = line;
  const std::string_view kept = trimmed(text);
  std::string fault = entry_error(kept);
  if (fault.empty()) {
    result.encoded = encode({time, std::string(kept)});
  } else if (kept.empty() || kept.size() > max_text) {
    result.fault = fmt::format("line {}: {}", line, fault);
  } else {
    result.fault = fault_in(text, line);  // of `text`: blank lines before what is kept count, too
  }
  return result;
}

Imported too_long(std::uint64_t line) {
  return {{}, false, line, fmt::format("line {}: the entry has more than the 1 MiB that one entry may have", line)};
}

bool is_cut(const EntryReader::Item& item) {
  return item.raw.size() >= max_encoded && !item.raw.ends_with("\n\n");
}

}  // namespace

Imported import_entry(const EntryReader::Item& item, std::uint64_t line) {
  Imported result;
  if (is_cut(item)) {
    result = too_long(line);
  } else if (decode(item.raw)) {
    result = {item.raw, true, line, {}};
  } else {
    result = imported(*item.time, item.text(), line);
  }
  result.has_own_time = true;
  return result;
}

/// Takes the byte order mark off the beginning of the input, which may come in pieces of one byte.
std::string_view Importer::without_mark(std::string_view bytes) {
  while (mark_ < byte_order_mark.size() && !bytes.empty()) {
    if (bytes.front() != byte_order_mark[mark_]) {
      reader_.feed(byte_order_mark.substr(0, mark_));
      mark_ = byte_order_mark.size();
    } else {
      bytes.remove_prefix(1);
      ++mark_;
    }
  }
  return bytes;
}

void Importer::feed(std::string_view bytes) {
  bytes = without_mark(bytes);
  std::string plain;
  plain.reserve(bytes.size() + 1);
  while (!bytes.empty()) {
    if (cr_ && bytes.front() != '\n') plain += '\r';
    const std::size_t cr = bytes.find('\r');
    cr_ = cr != std::string_view::npos;
    plain += bytes.substr(0, cr);
    bytes.remove_prefix(cr_ ? cr + 1 : bytes.size());
  }
  reader_.feed(plain);
}

void Importer::finish() {
  if (mark_ < byte_order_mark.size()) reader_.feed(byte_order_mark.substr(0, mark_));
  finished_ = true;
  reader_.finish();
}

std::optional<Imported> Importer::next() {
  if (held_) {
    const EntryReader::Item item = std::move(*held_);
    held_.reset();
    return take_entry(item);
  }
  while (auto item = reader_.next()) {
    if (auto result = take(std::move(*item))) return result;
  }
  if (finished_ && paragraph_line_ != 0) return end_paragraph();
  return std::nullopt;
}

std::optional<Imported> Importer::take(EntryReader::Item item) {
  if (item.time) {
    if (paragraph_line_ == 0) return take_entry(item);
    held_ = std::move(item);
    return end_paragraph();
  }
  const bool blank = !inside_line_ && item.raw.find_first_not_of(" \t\n") == std::string::npos;
  if (!blank && !cut_entry_) take_line(item.raw);
  pass(item.raw);
  if (!blank) return std::nullopt;
  cut_entry_ = false;
  if (paragraph_line_ == 0) return std::nullopt;
  return end_paragraph();
}

void Importer::take_line(std::string_view raw) {
  if (paragraph_line_ == 0) paragraph_line_ = line_;
  // White space at the end might bring it below the limit again, but nobody writes half a megabyte of that.
  too_long_ = too_long_ || paragraph_.size() + raw.size() > max_encoded;
  if (!too_long_) paragraph_ += raw;
}

Imported Importer::take_entry(const EntryReader::Item& item) {
  Imported result = import_entry(item, line_);
  cut_entry_ = is_cut(item);
  pass(item.raw);
  return result;
}

/// Moves the count of lines on behind `raw`.
void Importer::pass(std::string_view raw) {
  line_ += static_cast<std::uint64_t>(std::count(raw.begin(), raw.end(), '\n'));
  inside_line_ = !raw.ends_with('\n');
}

Imported Importer::end_paragraph() {
  Imported result = too_long_ ? too_long(paragraph_line_) : imported(clock_.next(), paragraph_, paragraph_line_);
  paragraph_.clear();
  paragraph_line_ = 0;
  too_long_ = false;
  return result;
}

}  // namespace md2

#include "client/commands/importer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/diary/entry.h"
#include "common/text/lines.h"
#include "common/text/text.h"

namespace md2 {
namespace {

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

/// `kept` is what is left of `text`.
Imported imported(Timestamp time, std::string_view text, std::string_view kept, std::uint64_t line) {
  const std::string time_fault = time_error(time);
  if (!time_fault.empty()) return {{}, false, line, fmt::format("line {}: {}", line, time_fault)};
  const std::string fault = entry_error(kept);
  if (fault.empty()) return {encode({time, std::string(kept)}), false, line, {}};
  if (kept.empty() || kept.size() > max_text) return {{}, false, line, fmt::format("line {}: {}", line, fault)};
  return {{}, false, line, fault_in(text, line)};  // of `text`: blank lines before what is kept count, too
}

Imported too_long(std::uint64_t line) {
  return {{}, false, line, fmt::format("line {}: the entry has more than the 1 MiB that one entry may have", line)};
}

bool is_cut(const EntryReader::Item& item) {
  return item.raw.size() >= max_encoded && !item.raw.ends_with("\n\n");
}

}  // namespace

Imported import_entry(const EntryReader::Item& item, std::uint64_t line) {
  const std::string text = item.text();
  Imported result = is_cut(item) ? too_long(line) : imported(*item.time, text, trimmed_of_ascii(text), line);
  result.has_own_time = true;
  return result;
}

void Importer::feed(std::string_view bytes) {
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
}

void Importer::finish() {
  if (at_beginning_) reader_.feed(held_);
  reader_.finish();
}

std::optional<Imported> Importer::next() {
  while (ready_.empty()) {
    if (const auto item = reader_.next()) {
      take(*item);
    } else if (reader_.finished() && paragraph_line_ != 0) {
      end_paragraph();
    } else {
      return std::nullopt;
    }
  }
  Imported result = std::move(ready_.front());
  ready_.pop_front();
  return result;
}

void Importer::take(const EntryReader::Item& item) {
  const bool blank = !item.time && !inside_line_ && trimmed(item.raw).empty();
  if (item.time || blank) {
    if (paragraph_line_ != 0) end_paragraph();
    if (item.time) ready_.push_back(import_entry(item, line_));
    in_cut_entry_ = item.time && is_cut(item);
  } else if (!in_cut_entry_) {
    if (paragraph_line_ == 0) paragraph_line_ = line_;
    // White space at the end might bring it below the limit again, but nobody writes half a megabyte of that.
    if (paragraph_.size() <= max_encoded) paragraph_ += item.raw;
  }
  line_ += static_cast<std::uint64_t>(std::ranges::count(item.raw, '\n'));
  inside_line_ = !item.raw.ends_with('\n');
}

void Importer::end_paragraph() {
  const bool cut = paragraph_.size() > max_encoded;
  std::string_view text = paragraph_;
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());  // of a file behind another
  ready_.push_back(cut ? too_long(paragraph_line_) : imported(clock_.next(), text, trimmed(text), paragraph_line_));
  paragraph_.clear();
  paragraph_line_ = 0;
}

}  // namespace md2

#include "server/diary/same_entry.h"

#include <algorithm>
#include <functional>

#include "common/diary/entry.h"
#include "common/text/lines.h"

namespace md2 {
namespace {

constexpr std::string_view blanks = " \t\r";

/// Where the blanks that begin at `at` end; `at` when there are none.
std::size_t behind_blanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(blanks, at), text.size());
}

std::string_view without_blanks_at_end(std::string_view line) {
  while (!line.empty() && blanks.find(line.back()) != blanks.npos) line.remove_suffix(1);
  return line;
}

bool at_end_of_line(std::string_view text, std::size_t at) {
  return at == text.size() || text[at] == '\n';
}

}  // namespace

std::optional<std::size_t> same_lines(std::string_view text, std::string_view diary) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const std::size_t end = behind_blanks(text, i); at_end_of_line(text, end)) {
      at = behind_blanks(diary, at);
      if (!at_end_of_line(diary, at)) return std::nullopt;
      i = end;
      if (i == text.size()) break;
    }
    if (at == diary.size() || diary[at] != text[i]) return std::nullopt;
    ++at;
  }
  at = behind_blanks(diary, at);
  if (at == diary.size()) return at;
  return diary[at] == '\n' ? std::optional(at + 1) : std::nullopt;
}

std::optional<std::size_t> same_entry(std::string_view text, std::string_view diary) {
  const auto lines = same_lines(text, diary);
  if (!lines) return std::nullopt;
  const std::size_t at = *lines;
  const std::size_t next = behind_blanks(diary, at);
  if (next == diary.size()) return next;
  if (diary[next] == '\n') return next + 1;
  return is_header(diary.substr(at)) ? std::optional(at) : std::nullopt;
}

bool is_behind_text(std::string_view before) {
  if (!before.ends_with('\n')) return false;
  before.remove_suffix(1);
  const std::size_t last = before.find_last_not_of(blanks);
  return last != std::string_view::npos && before[last] != '\n';
}

std::size_t same_entry_hash(std::string_view entry) {
  std::size_t hash = 0;
  for (const std::string_view line : Lines(without_end(entry)))
    hash = hash * 31 + std::hash<std::string_view>()(without_blanks_at_end(line));
  return hash;
}

bool may_be_same(std::string_view text, std::string_view diary_begin) {
  const auto [ours, theirs] = std::mismatch(text.begin(), text.end(), diary_begin.begin(), diary_begin.end());
  if (ours == text.end() || theirs == diary_begin.end()) return true;
  const auto may_differ = [](char c) { return c == '\n' || blanks.find(c) != blanks.npos; };
  return may_differ(*ours) || may_differ(*theirs);
}

std::size_t longest_form(std::string_view text) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return text.size() + lines * 8 + 128;  // a tool adds a few blanks to a line, not more
}

std::string_view without_end(std::string_view entry) {
  return entry.substr(0, entry.find_last_not_of("\r\n") + 1);
}

}  // namespace md2

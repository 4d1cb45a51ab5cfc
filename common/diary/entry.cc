#include "common/diary/entry.h"

#include <fmt/format.h>

#include <utility>

#include "common/os/language.h"
#include "common/text/lines.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// True for a line that would be taken for a header or for the end of the entry, however many spaces hide it.
bool needs_escape(std::string_view line) {
  const std::size_t at = line.find_first_not_of(' ');
  return at == std::string_view::npos || line[at] == '[';
}

/// True where everything of a header stands but its time.
bool has_brackets(std::string_view line) {
  return line.size() >= header_length && line[0] == '[' && line[header_length - 2] == ']' &&
         line[header_length - 1] == ' ';
}

/// All of an entry behind its header.
void append_escaped(std::string& out, std::string_view text) {
  for (const std::string_view line : Lines(text)) {
    if (line.data() != text.data() && needs_escape(line)) out += ' ';
    out += line;
    out += '\n';
  }
  out += '\n';
}

}  // namespace

std::string entry_error(std::string_view text) {
  if (trimmed_of_ascii(text).empty()) return tr("the entry is empty");
  if (text.size() > max_text) {
    return tr("the entry has {} bytes, {} more than the 1 MiB that one entry may have", text.size(),
              text.size() - max_text);
  }
  if (trimmed_of_ascii(text).size() != text.size())
    return tr("the entry begins with a blank line or ends in white space");
  return text_error(text);
}

std::string encode(const Entry& entry) {
  std::string out;
  out.reserve(header_length + entry.text.size() + 16);
  out += '[';
  out += to_string(entry.time);
  out += "] ";
  append_escaped(out, entry.text);
  return out;
}

std::optional<Timestamp> parse_header(std::string_view line) {
  return has_brackets(line) ? parse_timestamp(line.substr(1, timestamp_length)) : std::nullopt;
}

bool begins_header(std::string_view text) {
  if (text.empty() || text.size() >= header_length) return text.empty();
  const std::string_view rest = text.substr(1);
  return text[0] == '[' && begins_timestamp(rest.substr(0, timestamp_length)) &&
         (rest.size() <= timestamp_length || rest.back() == ']');
}

std::string unescaped(std::string_view stored) {
  std::string out;
  out.reserve(stored.size());
  for (const std::string_view line : Lines(stored)) {
    const bool first = line.data() == stored.data();
    if (!first) out += '\n';
    out += !first && line.starts_with(' ') && needs_escape(line) ? line.substr(1) : line;
  }
  return out;
}

std::optional<Entry> decode(std::string_view bytes, std::string* why) {
  const auto fail = [&](std::string reason) -> std::optional<Entry> {
    if (why != nullptr) *why = std::move(reason);
    return std::nullopt;
  };
  const auto time = parse_header(bytes);  // takes nothing that to_string would write in another way
  if (!time) return fail(tr("the entry has no header [YYYY-MM-DD HH:MM:SS.ffffff+HH:MM]"));
  if (!bytes.ends_with("\n\n")) return fail(tr("the entry does not end in an empty line"));
  const std::string_view stored = bytes.substr(header_length);
  const std::string_view lines = stored.substr(0, stored.size() - 2);
  const bool one_line = lines.find('\n') == lines.npos;  // as most have: nothing in it can be escaped
  Entry entry{*time, one_line ? std::string(lines) : unescaped(lines)};
  if (std::string reason = entry_error(entry.text); !reason.empty()) return fail(std::move(reason));
  if (one_line) return entry;
  std::string again;
  again.reserve(stored.size());
  append_escaped(again, entry.text);
  if (again != stored) return fail(tr("a line inside the entry begins with '[' or is empty"));
  return entry;
}

}  // namespace md2

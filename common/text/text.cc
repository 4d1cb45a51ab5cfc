#include "common/text/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "common/os/language.h"
#include "common/text/character.h"

namespace md2 {
namespace {

/// Not: C0 but newline and tab, DEL, C1 (which some terminals obey like ESC sequences), and what is broken.
bool is_text(Character character) {
  const char32_t code = character.code;
  if (character.length > 1) return code >= 0xa0;
  return (code >= 0x20 && code < 0x7f) || code == '\n' || code == '\t';
}

/// Every kind takes it; most text is nothing else.
bool is_plain(char byte) {
  return byte >= ' ' && byte < '\x7f';
}

bool is_shown(Character character) {
  return is_text(character) && !rearranges(character.code);
}

/// The first byte from `at` on that begins no `kind` of character; text.size() when there is none. Sets `character` to
/// what begins there.
template <typename Kind>
std::size_t find_not(Kind kind, std::string_view text, std::size_t at, Character& character) {
  for (;; at += character.length) {
    while (at < text.size() && is_plain(text[at])) ++at;
    if (at == text.size()) return at;
    character = character_at(text, at);
    if (!kind(character)) return at;
  }
}

auto line_of(std::string_view text, std::size_t at) {
  return 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
}

bool is_ascii_blank(Character character) {
  return character.code == ' ' || character.code == '\t' || character.code == '\n';
}

bool is_blank(Character character) {
  return is_text(character) && is_space(character.code);
}

template <typename Blank>
std::string_view trimmed_of(Blank is_blank, std::string_view text) {
  while (!text.empty()) {
    const std::size_t last = character_before(text, text.size());
    if (!is_blank(character_at(text, last))) break;
    text = text.substr(0, last);
  }
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    if (!is_blank(character)) break;
    at += character.length;
    if (character.code == '\n') text.remove_prefix(std::exchange(at, 0));
  }
  return text;
}

}  // namespace

std::string text_error(std::string_view text, std::uint64_t first_line) {
  Character character;
  const std::size_t at = find_not(is_text, text, 0, character);
  if (at == text.size()) return {};
  const std::uint64_t line = first_line + static_cast<std::uint64_t>(line_of(text, at)) - 1;
  if (character.broken()) return tr("line {} is not valid UTF-8", line);
  return tr("line {} holds the control character U+{:04X}", line, static_cast<std::uint32_t>(character.code));
}

std::string_view trimmed(std::string_view text) {
  return trimmed_of(is_blank, text);
}

std::string_view trimmed_of_ascii(std::string_view text) {
  return trimmed_of(is_ascii_blank, text);
}

bool has_words(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    if (!is_blank(character) && character.code != '\r') return true;
    at += character.length;
  }
  return false;
}

bool is_utf8(std::string_view text) {
  Character character;
  return find_not([](Character c) { return !c.broken(); }, text, 0, character) == text.size();
}

std::string unix_text(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::string out;
  out.reserve(text.size());
  for (std::size_t cr = text.find('\r'); cr != text.npos; cr = text.find('\r')) {
    const bool ends_line = cr + 1 == text.size() || text[cr + 1] == '\n';
    out += text.substr(0, ends_line ? cr : cr + 1);
    text.remove_prefix(cr + 1);
  }
  return out.append(text);
}

void append_sanitised(std::string& out, std::string_view text) {
  Character character;
  for (std::size_t at = 0;; at += character.length) {
    const std::size_t shown = at;
    at = find_not(is_shown, text, at, character);
    out.append(text, shown, at - shown);
    if (at == text.size()) return;
    if (character.broken()) {
      out += "\uFFFD";
    } else if (character.code > 0xff) {
      out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character.code));
    } else if (character.code >= 0x80) {
      out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(character.code));
    } else {
      out += '^';
      out += static_cast<char>(character.code ^ 0x40);
    }
  }
}

std::string sanitised(std::string_view text) {
  std::string out;
  append_sanitised(out, text);
  return out;
}

}  // namespace md2

#include "common/text/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "common/text/character.h"

namespace md2 {
namespace {

/// Not: C0 but newline and tab, DEL, C1 (which some terminals obey like ESC sequences), and what is broken.
bool is_text(Character character) {
  const char32_t code = character.code;
  if (character.length > 1) return code >= 0xa0;
  return (code >= 0x20 && code < 0x7f) || code == '\n' || code == '\t';
}

/// Both kinds take it; most text is nothing else.
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

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

}  // namespace

std::string text_error(std::string_view text) {
  Character character;
  const std::size_t at = find_not(is_text, text, 0, character);
  if (at == text.size()) return {};
  if (character.broken()) return fmt::format("line {} is not valid UTF-8", line_of(text, at));
  return fmt::format("line {} holds the control character U+{:04X}", line_of(text, at),
                     static_cast<std::uint32_t>(character.code));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\n')) text.remove_suffix(1);
  for (std::size_t i = 0; i < text.size() && (is_blank(text[i]) || text[i] == '\n'); ++i) {
    if (text[i] == '\n') {
      text.remove_prefix(i + 1);
      i = static_cast<std::size_t>(-1);
    }
  }
  return text;
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

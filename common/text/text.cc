#include "common/text/text.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text/character.h"

namespace md2 {
namespace {

bool is_c0(unsigned char byte) {
  return byte < 0x20 || byte == 0x7f;
}

/// C1 controls are U+0080 to U+009F, in UTF-8 C2 80 to C2 9F; some terminals obey them like ESC sequences.
bool is_c1(std::string_view text, std::size_t at) {
  return text[at] == '\xc2' && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;
}

constexpr std::size_t block_size = 32;  ///< bytes, a fixed size that -O2 needs to make vector instructions of a loop

/// False for a block without a control character. Without a branch: every text is looked through, and few have one.
bool may_have_control(const char* block) {
  unsigned char may = 0;
  for (std::size_t i = 0; i < block_size; ++i) {
    const auto byte = static_cast<unsigned char>(block[i]);
    may |= static_cast<unsigned char>((byte < 0x20 && byte != '\n' && byte != '\t') | (byte == 0x7f) | (byte == 0xc2));
  }
  return may != 0;
}

/// The first byte of `text` that a terminal would not simply show; text.size() when there is none. `broken` is where
/// the UTF-8 ends to be valid.
std::size_t find_control(std::string_view text, std::size_t from, std::size_t broken) {
  while (from + block_size <= broken && !may_have_control(text.data() + from)) from += block_size;
  for (std::size_t i = from; i < broken; ++i) {
    const char c = text[i];
    if (is_c0(static_cast<unsigned char>(c)) && c != '\n' && c != '\t') return i;
    if (is_c1(text, i)) return i;
  }
  return broken;
}

/// Where the UTF-8 ends to be valid; text.size() when it does not. For ASCII and Chinese utf8::find_invalid takes
/// several times as long, and every entry passes here.
std::size_t find_broken(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const Character character = character_at(text, at);
    if (character.broken()) break;
    at += character.length;
  }
  return at;
}

auto line_of(std::string_view text, std::size_t at) {
  return 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

}  // namespace

std::string text_fault(std::string_view text) {
  const std::size_t broken = find_broken(text, 0);
  const std::size_t at = find_control(text, 0, broken);
  if (at == text.size()) return {};
  if (at == broken) return fmt::format("line {} is not valid UTF-8", line_of(text, at));
  const auto byte = static_cast<unsigned char>(is_c1(text, at) ? text[at + 1] : text[at]);
  return fmt::format("line {} holds the control character U+{:04X}", line_of(text, at), byte);
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
  std::size_t broken = find_broken(text, 0);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t control = find_control(text, at, broken);
    out.append(text, at, control - at);
    at = control;
    if (at == text.size()) return;
    if (at == broken) {
      out += "\uFFFD";
      broken = find_broken(text, ++at);
    } else if (is_c1(text, at)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at + 1]));
      at += 2;
    } else {
      out += '^';
      out += static_cast<char>(text[at++] ^ 0x40);
    }
  }
}

std::string sanitised(std::string_view text) {
  std::string out;
  append_sanitised(out, text);
  return out;
}

}  // namespace md2

#include "common/text/tag.h"

#include <string.h>
#include <utf8proc.h>

#include <algorithm>

#include "common/text/character.h"

namespace md2 {
namespace {

constexpr std::string_view full_width_hash = "＃";

/// Bytes of an address that are looked at before a hash, and hashes among them: addresses of programs in a browser have
/// two (`https://matrix.to/#/#room`). So a text of nothing but hashes is not looked through again for each of them.
constexpr std::size_t longest_address = 2048;
constexpr int most_hashes = 4;

/// What no address holds (RFC 3986, 2) and nearly every program ends one at.
constexpr std::string_view no_address = "\"<>\\^`{|}";

/// Shown as nothing, but for what joins emoji: a mark of the direction, a soft hyphen.
bool is_invisible(char32_t code) {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->boundclass == UTF8PROC_BOUNDCLASS_CONTROL;
}

/// Belongs to the character before it, or ties it to the next one.
bool joins(char32_t code) {
  constexpr char32_t zero_width_joiner = 0x200d;
  return is_mark(code) || code == zero_width_joiner;
}

/// Bytes of the character at `at` if a name can hold it anywhere, else 0.
std::size_t name_character(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const Character c = character_at(text, at);
  if (is_ideograph(c.code)) return c.length;
  if (c.code == '_') return 1;
  const bool fits =
      !c.broken() && c.code > 0x20 && !is_space(c.code) && !is_punctuation(c.code) && !is_invisible(c.code);
  return fits ? c.length : 0;
}

bool is_ascii_word(char32_t code) {
  return code < 0x80 && (is_capital(code) || is_small(code) || (code >= '0' && code <= '9'));
}

/// True for what joins a hash to the word before it.
bool is_letter_or_digit(char32_t code) {
  if (is_ideograph(code)) return false;
  return is_capital(code) || is_small(code) || code == '_' ||
         utf8proc_category(static_cast<utf8proc_int32_t>(code)) == UTF8PROC_CATEGORY_ND;
}

/// The character before `at`, an accent's letter for the accent.
char32_t letter_before(std::string_view text, std::size_t at) {
  char32_t code = 0;
  for (int marks = 0; at > 0 && marks < 8; ++marks) {
    at = character_before(text, at);
    code = character_at(text, at).code;
    if (!is_mark(code)) return code;
  }
  return code;
}

bool belongs_to_address(char32_t code) {
  if (code < 0x80) return code > ' ' && code != 0x7f && no_address.find(static_cast<char>(code)) == no_address.npos;
  return !is_space(code) && !is_punctuation(code);
}

/// All before `at` that an address may be made of.
std::string_view run_before(std::string_view text, std::size_t at) {
  const std::size_t end = at;
  for (int hashes = 0; at > 0 && end - at < longest_address;) {
    const std::size_t before = character_before(text, at);
    const char32_t code = character_at(text, before).code;
    if (!belongs_to_address(code) || (code == '#' && ++hashes == most_hashes)) break;
    at = before;
  }
  return text.substr(at, end - at);
}

/// False when an address that begins at the beginning of `run` ends before the end of it.
bool reaches_end(std::string_view run) {
  int open = 0;
  char32_t before = 0;
  for (std::size_t at = 0; at < run.size();) {
    const Character c = character_at(run, at);
    if (c.code == '(') ++open;
    if (c.code == ')' && --open < 0) return false;
    if (c.code >= 0x80 && is_ascii_word(before)) return false;
    before = c.code;
    at += c.length;
  }
  return true;
}

/// Where a host begins that a slash follows (`example.com/`, not `./` or `and/or`); npos when none does.
std::size_t find_host(std::string_view run) {
  const auto in_host = [](char c) { return is_ascii_word(static_cast<unsigned char>(c)) || c == '.' || c == '-'; };
  for (std::size_t slash = run.find('/'); slash != run.npos; slash = run.find('/', slash + 1)) {
    std::size_t begin = slash;
    while (begin > 0 && in_host(run[begin - 1])) --begin;
    const std::string_view host = run.substr(begin, slash - begin);
    const std::size_t dot = host.find('.');
    if (dot != host.npos && dot > 0 && !host.ends_with('.')) return begin;
  }
  return run.npos;
}

/// True for a hash at `at` that stands in the address before it.
bool is_in_address(std::string_view text, std::size_t at) {
  const std::size_t looked_at = std::min(at, longest_address);
  if (memrchr(text.data() + (at - looked_at), '/', looked_at) == nullptr) return false;  // so nearly everywhere
  const std::string_view run = run_before(text, at);
  const std::size_t scheme = run.rfind("://");
  const std::size_t begin = scheme != run.npos && scheme > 0 ? scheme : find_host(run);
  return begin != run.npos && reaches_end(run.substr(begin));
}

/// Where the first `#` or `＃` stands; the text's size when there is none.
std::size_t first_hash(std::string_view text) {
  const std::string_view before = text.substr(0, text.find('#'));
  return std::min(before.find(full_width_hash), before.size());
}

/// A tag's range when one stands at the hash before `name`, which has `hash` bytes.
std::optional<TextRange> tag_at(std::string_view text, std::size_t name, std::size_t hash) {
  const std::size_t length = tag_name_length(text, name);
  if (length == 0 || !may_begin_tag(text, name - hash)) return std::nullopt;
  return TextRange{name - hash, name + length};
}

}  // namespace

std::size_t hash_sign_length(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  return rest.starts_with('#') ? 1 : rest.starts_with(full_width_hash) ? full_width_hash.size() : 0;
}

std::size_t hash_sign_length_before(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  return before.ends_with('#') ? 1 : before.ends_with(full_width_hash) ? full_width_hash.size() : 0;
}

bool may_begin_tag(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char32_t before = letter_before(text, at);
  return before != '&' && !is_letter_or_digit(before) && !is_in_address(text, at);
}

std::size_t tag_name_length(std::string_view text, std::size_t at) {
  std::size_t end = at;
  // What changes the look of the hash makes another character of it.
  if (at < text.size() && (text[at] & 0x80) != 0 && joins(character_at(text, at).code)) return 0;
  for (;;) {
    if (const std::size_t length = name_character(text, end)) {
      end += length;
      continue;
    }
    const bool joint = end > at && end < text.size() && text[end] == '-';
    if (!joint || name_character(text, end + 1) == 0) return end - at;
    ++end;
  }
}

std::optional<TextRange> find_tag(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    at += first_hash(text.substr(at));
    const std::size_t hash = at < text.size() ? hash_sign_length(text, at) : 0;
    if (hash == 0) break;
    if (const auto tag = tag_at(text, at + hash, hash)) return tag;
  }
  return std::nullopt;
}

}  // namespace md2

#include "common/diary/correction.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/diary/entry.h"
#include "common/os/language.h"
#include "common/os/sha256.h"
#include "common/text/lines.h"

namespace md2 {
namespace {

constexpr std::size_t hash_length = 8;
constexpr std::string_view blanks = " \t\r";

/// `TIME` or `TIME#HASH`.
std::optional<EntryName> parse_name(std::string_view name) {
  const auto time = parse_timestamp(name.substr(0, timestamp_length));
  if (!time) return std::nullopt;
  name.remove_prefix(timestamp_length);
  if (name.empty()) return EntryName{*time, std::nullopt};
  if (name.front() != '#') return std::nullopt;
  const auto hash = parse_name_hash(name.substr(1));
  return hash ? std::optional(EntryName{*time, hash}) : std::nullopt;
}

/// What follows `[NAME]`: the stored text, empty for nothing. Nothing when `rest` does not have the form.
struct Named {
  EntryName name;
  std::string_view text;
};

std::optional<Named> parse_named(std::string_view rest) {
  if (!rest.starts_with('[')) return std::nullopt;
  const std::size_t end = rest.substr(0, correction_prefix).find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const auto name = parse_name(rest.substr(1, end - 1));
  if (!name) return std::nullopt;
  rest.remove_prefix(end + 1);
  if (rest.find_first_not_of(blanks) == std::string_view::npos) return Named{*name, {}};
  if (rest.front() != ' ') return std::nullopt;
  return Named{*name, rest.substr(1)};
}

std::size_t count_of_tildes(std::string_view text) {
  return std::min(text.find_first_not_of('~'), text.size());
}

}  // namespace

std::optional<Correction> parse_correction(std::string_view text) {
  if (!text.starts_with(correction_sign)) return std::nullopt;
  const auto named = parse_named(text.substr(1));
  if (!named) return std::nullopt;
  return Correction{named->name, std::string(as_read(named->text))};
}

std::string correction_text(const Correction& correction) {
  std::string text = fmt::format("~[{}", to_string(correction.of.time));
  if (correction.of.hash) text += '#' + written_hash(*correction.of.hash);
  text += ']';
  if (!correction.strikes()) text += ' ' + as_stored(correction.text);
  return text;
}

std::string written_hash(std::uint32_t hash) {
  return fmt::format("{:08x}", hash);
}

std::optional<std::uint32_t> parse_name_hash(std::string_view digits) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (digits.size() != hash_length || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  std::uint32_t hash = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), hash, 16);
  return hash;
}

std::uint32_t name_hash(std::string_view text) {
  std::string without_blanks;
  without_blanks.reserve(text.size() + 1);
  for (std::string_view line : Lines(text)) {
    line = line.substr(0, line.find_last_not_of(blanks) + 1);
    without_blanks.append(line) += '\n';
  }
  without_blanks.erase(without_blanks.find_last_not_of('\n') + 1);
  const Sha256 digest = sha256(without_blanks, tr("cannot tell which entry a correction means"));
  return std::uint32_t{digest[0]} << 24 | std::uint32_t{digest[1]} << 16 | std::uint32_t{digest[2]} << 8 | digest[3];
}

std::string as_stored(std::string text) {
  const std::size_t tildes = count_of_tildes(text);
  if (tildes > 0 && parse_named(std::string_view(text).substr(tildes))) text.insert(0, 1, '~');
  return text;
}

std::string_view as_read(std::string_view text) {
  const std::size_t tildes = count_of_tildes(text);
  return tildes > 1 && parse_named(text.substr(tildes)) ? text.substr(1) : text;
}

}  // namespace md2

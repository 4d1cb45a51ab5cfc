#include "client/page/json.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "common/diary/correction.h"
#include "common/text/character.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// JSON lets it through, and a terminal may obey it: DEL, C1, and what rearranges a line.
bool must_be_escaped(Character c) {
  return (c.code >= 0x7f && c.code < 0xa0) || rearranges(c.code);
}

/// With U+FFFD for each byte that belongs to no character.
std::string mended(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    out += c.broken() ? std::string_view("\uFFFD") : text.substr(at, c.length);
    at += c.length;
  }
  return out;
}

void append_tags(std::string& out, std::string_view text) {
  std::unordered_set<std::string_view> seen;
  for (auto tag = find_tag(text, 0); tag; tag = find_tag(text, tag->end)) {
    const std::size_t begin = tag->begin + hash_sign_length(text, tag->begin);
    const std::string_view name = text.substr(begin, tag->end - begin);
    if (!seen.insert(name).second) continue;
    if (seen.size() > 1) out += ',';
    append_json_string(out, name);
  }
}

/// Of the text of the entry that a correction names: with its time, that tells which one it is.
void append_hash(std::string& out, std::uint32_t hash) {
  out += "\"hash\":\"" + written_hash(hash) + "\",";
}

void append_time(std::string& out, std::string_view key, Timestamp time) {
  std::string written = to_string(time);
  written[written.find(' ')] = 'T';
  fmt::format_to(std::back_inserter(out), "\"{}\":\"{}\",", key, written);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  const std::string quoted = nlohmann::json(is_utf8(text) ? std::string(text) : mended(text)).dump();
  std::size_t plain = 0;  // where the bytes begin that are not yet in `out`
  for (std::size_t at = 0; at < quoted.size();) {
    const Character c = character_at(quoted, at);
    at += c.length;
    if (!must_be_escaped(c)) continue;
    out.append(quoted, plain, at - c.length - plain);
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c.code));
    plain = at;
  }
  out.append(quoted, plain);
}

void append_json(std::string& out, const ReadItem& read) {
  if (!read.item.time && trimmed(read.text).empty()) return;
  out += '{';
  if (read.item.time) append_time(out, "time", *read.item.time);
  if (read.corrected) {
    append_time(out, "corrected", *read.corrected);
    append_hash(out, name_hash(read.item.text()));
  }
  if (read.corrects) {
    append_time(out, "corrects", read.corrects->time);
    if (read.corrects->hash) append_hash(out, *read.corrects->hash);
  }
  out += "\"text\":";
  append_json_string(out, read.text);
  out += ",\"tags\":[";
  append_tags(out, read.text);
  out += "]}\n";
}

}  // namespace md2

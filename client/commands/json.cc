#include "client/commands/json.h"

#include <fmt/format.h>

#include <iterator>
#include <unordered_set>

#include "common/text/character.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

bool stands_for_itself(Character c) {
  return c.code >= 0x20 && c.code != '"' && c.code != '\\' && (c.code < 0x7f || c.code >= 0xa0) && !c.broken() &&
         !rearranges(c.code);
}

void append_escaped(std::string& out, Character c) {
  constexpr std::string_view named = "\n\t\r\"\\";
  constexpr std::string_view names = "ntr\"\\";
  const std::size_t name = c.code < 0x80 ? named.find(static_cast<char>(c.code)) : named.npos;
  if (c.broken()) {
    out += "\uFFFD";
  } else if (name != named.npos) {
    out += '\\';
    out += names[name];
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c.code));
  }
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

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;  // where the bytes begin that are not yet in `out`
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    at += c.length;
    if (stands_for_itself(c)) continue;
    out += text.substr(plain, at - c.length - plain);
    append_escaped(out, c);
    plain = at;
  }
  out += text.substr(plain);
  out += '"';
}

void append_json(std::string& out, const EntryReader::Item& item) {
  std::string scratch;
  const std::string_view text = item_text(item.raw, item.time.has_value(), scratch);
  if (!item.time && trimmed(text).empty()) return;
  out += '{';
  if (item.time) {
    std::string time = to_string(*item.time);
    time[time.find(' ')] = 'T';
    out += "\"time\":\"" + time + "\",";
  }
  out += "\"text\":";
  append_json_string(out, text);
  out += ",\"tags\":[";
  append_tags(out, text);
  out += "]}\n";
}

}  // namespace md2

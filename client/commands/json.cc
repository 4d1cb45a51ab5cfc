#include "client/commands/json.h"

#include <fmt/format.h>

#include <iterator>
#include <unordered_set>

#include "common/text/character.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

void append_escaped(std::string& out, char32_t code) {
  switch (code) {
    case '\n':
      out += "\\n";
      break;
    case '\t':
      out += "\\t";
      break;
    case '\r':
      out += "\\r";
      break;
    case '"':
    case '\\':
      out += '\\';
      out += static_cast<char>(code);
      break;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(code));
  }
}

bool stands_for_itself(char32_t code) {
  return code >= 0x20 && code != '"' && code != '\\' && (code < 0x7f || code >= 0xa0);
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
    const bool broken = c.code == 0xfffd && c.length == 1;
    if (broken || !stands_for_itself(c.code)) {
      out += text.substr(plain, at - plain);
      if (broken) {
        out += "\uFFFD";
      } else {
        append_escaped(out, c.code);
      }
      plain = at + c.length;
    }
    at += c.length;
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

#include "client/line.h"

#include "common/text/text.h"

namespace md2 {

Line parse_line(std::string_view line) {
  using Kind = Line::Kind;
  if (line == "hi" || line == "r") return {Kind::diary, {}};
  if (line == "?" || line == "？") return {Kind::help, {}};
  if (line == "quit") return {Kind::quit, {}};
  if (line.starts_with('/')) return {Kind::query, std::string(line.substr(1))};
  if (line.starts_with(' ')) line.remove_prefix(1);
  const std::string_view text = trimmed(line);
  if (text.empty()) return {};
  return {Kind::entry, std::string(text)};
}

}  // namespace md2

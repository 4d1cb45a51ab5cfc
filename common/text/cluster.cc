#include "common/text/cluster.h"

#include <algorithm>

#include "common/text/character.h"
#include "common/text/property.h"

namespace md2 {
namespace {

/// Asks for the emoji where a character may be text as well.
constexpr char32_t emoji_selector = 0xfe0f;
/// Asks for the text.
constexpr char32_t text_selector = 0xfe0e;

/// The signs of a telephone's keys are emoji as well, with the selector behind them.
bool can_be_emoji(char32_t code) {
  if (code < 0x80) return (code >= '0' && code <= '9') || code == '#' || code == '*';
  return property(code).boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/// Half a flag: two of them make one.
bool is_regional_indicator(char32_t code) {
  return code >= 0x1f1e6 && code <= 0x1f1ff;
}

/// No cluster has more than one of them, but for CR LF, which no line holds.
bool stands_alone(char32_t code) {
  return code < 0x300 || is_ideograph(code);
}

}  // namespace

Cluster cluster_at(std::string_view text, std::size_t at) {
  const Character first = character_at(text, at);
  const int width = width_of(first.code);
  Cluster cluster{first.code, first.length, width, width, false};
  bool selected = false;
  utf8proc_int32_t state = 0;
  for (char32_t before = first.code; at + cluster.length < text.size();) {
    const Character next = character_at(text, at + cluster.length);
    if (stands_alone(next.code)) break;
    if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(before),
                                         static_cast<utf8proc_int32_t>(next.code), &state)) {
      break;
    }
    cluster.length += next.length;
    cluster.columns += width_of(next.code);
    selected = selected || next.code == emoji_selector;
    if (next.code == text_selector) cluster.fewest = std::min(cluster.fewest, 1);
    before = next.code;
  }
  const bool emoji = selected && can_be_emoji(first.code);
  if (emoji) cluster.columns = std::max(cluster.columns, 2);
  if (is_regional_indicator(first.code)) cluster.fewest = cluster.columns;
  cluster.wide = emoji || is_wide(first.code) || is_regional_indicator(first.code);
  return cluster;
}

std::size_t columns_of_line(std::string_view line) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < line.size();) {
    const Cluster cluster = cluster_at(line, at);
    columns += static_cast<std::size_t>(cluster.columns);
    at += cluster.length;
  }
  return columns;
}

}  // namespace md2

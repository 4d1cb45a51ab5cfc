#include "client/commands/shades.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "common/os/language.h"

namespace md2 {
namespace {

/// Of the 256 colours that xterm has and others took over: greens, on which black or white letters can be read.
struct Colours {
  int ground;
  int letters;
};
constexpr std::array<Colours, Shades::levels> colours{{{194, 16}, {114, 16}, {34, 16}, {22, 231}}};

constexpr std::string_view signs = ".-+*#";

}  // namespace

Shades::Shades(const DayCounts& days) {
  std::vector<std::uint64_t> counts;
  counts.reserve(days.days());
  days.each([&](Date, std::uint64_t entries) { counts.push_back(entries); });
  if (counts.empty()) return;
  std::sort(counts.begin(), counts.end());
  for (std::size_t i = 0; i < borders_.size(); ++i) borders_[i] = counts[(counts.size() - 1) * (i + 1) / levels];
  for (const std::uint64_t entries : counts) {
    Span& span = spans_[static_cast<std::size_t>(level(entries) - 1)];
    if (span.least == 0) span.least = entries;
    span.most = entries;
  }
}

int Shades::level(std::uint64_t entries) const {
  if (entries == 0) return 0;
  const auto border = std::lower_bound(borders_.begin(), borders_.end(), entries);
  return 1 + static_cast<int>(border - borders_.begin());
}

std::string Shades::legend(bool colour) const {
  std::string text = tr("entries a day:");
  for (int level = 1; level <= levels; ++level) {
    const Span span = spans_[static_cast<std::size_t>(level - 1)];
    if (span.least == 0) continue;
    std::string numbers = std::to_string(span.least);
    if (span.most > span.least) numbers += fmt::format("-{}", span.most);
    text += colour ? ' ' + shaded(' ' + numbers + ' ', level) : fmt::format("  {} {}", sign_of_level(level), numbers);
  }
  return text;
}

char sign_of_level(int level) {
  return signs[static_cast<std::size_t>(level)];
}

std::string shaded(std::string_view text, int level) {
  if (level == 0) return std::string(text);
  const Colours& c = colours[static_cast<std::size_t>(level - 1)];
  return fmt::format("\033[38;5;{};48;5;{}m{}\033[39;49m", c.letters, c.ground, text);
}

}  // namespace md2

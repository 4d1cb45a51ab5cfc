#include "client/import/calendar_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "client/import/scan.h"
#include "common/text/character.h"

namespace md2::scan {
namespace {

constexpr std::array<std::string_view, 12> months = {"january",   "february", "march",    "april",
                                                     "may",       "june",     "july",     "august",
                                                     "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> weekdays = {"sunday",   "monday", "tuesday", "wednesday",
                                                      "thursday", "friday", "saturday"};
/// Behind 星期, 礼拜, 周.
constexpr std::array<std::string_view, 8> chinese_weekdays = {"日", "一", "二", "三", "四", "五", "六", "天"};

/// The name that `word` is or begins with at least three letters.
template <std::size_t Count>
std::optional<int> number_of(const std::array<std::string_view, Count>& names, std::string_view word) {
  if (word.size() < 3) return std::nullopt;
  const auto name = std::ranges::find_if(names, [&](std::string_view one) { return one.starts_with(word); });
  return name == names.end() ? std::nullopt : std::optional(static_cast<int>(name - names.begin()));
}

/// at_boundary() where Chinese is written, without blanks between words: whatever follows must not go on with the word.
bool ends_chinese_word(std::string_view text) {
  if (text.empty()) return true;
  const char32_t next = character_at(text, 0).code;
  return is_space(next) || is_punctuation(next);
}

}  // namespace

std::optional<int> take_weekday(std::string_view& text) {
  std::string_view rest = text;
  const bool bracketed = take_any(rest, {"(", "（"});
  std::optional<int> found;
  bool ends = false;
  if (take_any(rest, {"星期", "礼拜", "周", "週"})) {
    for (std::size_t i = 0; i < chinese_weekdays.size() && !found; ++i) {
      if (take(rest, chinese_weekdays[i])) found = static_cast<int>(i % 7);
    }
    ends = ends_chinese_word(rest);
  } else {
    found = number_of(weekdays, take_letters(rest));
    if (found) take(rest, ".");
    ends = at_boundary(rest);
  }
  if (!found || (bracketed ? !take_any(rest, {")", "）"}) : !ends)) return std::nullopt;
  text = rest;
  return found;
}

std::optional<int> take_month(std::string_view& text) {
  const auto month = number_of(months, take_letters(text));
  take(text, ".");
  return month ? std::optional(*month + 1) : std::nullopt;
}

std::optional<int> take_day_of_month(std::string_view& text) {
  const auto day = take_number(text, 1, 2);
  take_any(text, {"st", "nd", "rd", "th"});
  return day;
}

std::string_view without_heading(std::string_view line) {
  const std::size_t signs = std::min(line.find_first_not_of('#'), line.size());
  std::string_view rest = line.substr(signs);
  return signs > 0 && signs <= 6 && skip_blanks(rest) ? rest : line;
}

}  // namespace md2::scan

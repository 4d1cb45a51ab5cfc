#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/diary/correction.h"
#include "common/diary/entry.h"

namespace md2::test {

// Entries in diary format, for whoever needs some and does not test how they are encoded.

/// That of entry(0).
inline const std::string some_header = "[2015-10-28 21:26:03.417293+08:00] ";

/// An entry of its own for each number, a microsecond later than the one before: 2015-10-28 21:26:03.417293+08:00.
inline std::string entry(int number, const std::string& text) {
  return encode({{1'446'038'763'417'293 + number, 480}, text});
}

/// The same with a text that only this number has, of several lines, two of which must be escaped.
inline std::string entry(int number) {
  return entry(number, fmt::format("第{}条\n[第二行\n\n末行", number));
}

/// A correction of entry(number, text), a year and `later` microseconds later; with an empty `now` it strikes it out.
inline std::string correction(int number, const std::string& text, const std::string& now, int later = 0) {
  constexpr std::int64_t year = 366LL * 24 * 3600 * 1'000'000;
  const Timestamp time{1'446'038'763'417'293 + number, 480};
  return encode({{time.micros + year + later, 480}, correction_text({{time, name_hash(text)}, now})});
}

/// A correction in diary format as an answer has it behind the entry that had the text `first`: it names that by its
/// hash, whether or not it was written with one.
inline std::string answered(std::string correction, std::string_view first) {
  constexpr std::size_t name_ends = header_length + correction_sign.size() + timestamp_length;
  if (correction.at(name_ends) == ']') correction.insert(name_ends, '#' + written_hash(name_hash(first)));
  return correction;
}

/// As it stands in a diary of that day, YYYY-MM-DD. The text must have one line.
inline std::string entry_on(std::string_view day, std::string_view text) {
  return fmt::format("[{} 21:26:03.417293+08:00] {}\n\n", day, text);
}

/// entry(begin) to entry(end - 1).
inline std::vector<std::string> entry_list(int begin, int end) {
  std::vector<std::string> list;
  for (int i = begin; i < end; ++i) list.push_back(entry(i));
  return list;
}

/// The same, one after another as in a file.
inline std::string entries(int begin, int end) {
  std::string all;
  for (int i = begin; i < end; ++i) all += entry(i);
  return all;
}

}  // namespace md2::test

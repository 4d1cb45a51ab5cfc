#include "client/page/calendar_names.h"

#include <langinfo.h>

#include <array>

#include "common/os/language.h"
#include "common/text/character.h"
#include "common/text/cluster.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr std::array weekdays{tr_later("Sunday"),   tr_later("Monday"), tr_later("Tuesday"), tr_later("Wednesday"),
                              tr_later("Thursday"), tr_later("Friday"), tr_later("Saturday")};
constexpr std::array short_weekdays{tr_later("Sun"), tr_later("Mon"), tr_later("Tue"), tr_later("Wed"),
                                    tr_later("Thu"), tr_later("Fri"), tr_later("Sat")};
constexpr std::array months{tr_later("January"),   tr_later("February"), tr_later("March"),    tr_later("April"),
                            tr_later("May"),       tr_later("June"),     tr_later("July"),     tr_later("August"),
                            tr_later("September"), tr_later("October"),  tr_later("November"), tr_later("December")};
constexpr std::array short_months{tr_later("Jan"), tr_later("Feb"), tr_later("Mar"), tr_later("Apr"),
                                  tr_later("May"), tr_later("Jun"), tr_later("Jul"), tr_later("Aug"),
                                  tr_later("Sep"), tr_later("Oct"), tr_later("Nov"), tr_later("Dec")};

/// Those of the catalogue go with its sentences; else the C library has them in more languages.
template <std::size_t count>
std::string name(const std::array<const char*, count>& names, int index, nl_item first) {
  if (!language().empty()) return tr(names[static_cast<std::size_t>(index)]);
  return sanitised(nl_langinfo(first + index));
}

}  // namespace

std::string weekday_name(int weekday) {
  std::string short_name = name(short_weekdays, weekday, ABDAY_1);
  const bool understood = !short_name.empty() && character_at(short_name, 0).length < short_name.size();
  return understood ? short_name : name(weekdays, weekday, DAY_1);
}

std::string two_columns_of_weekday(int weekday) {
  return fitted(name(short_weekdays, weekday, ABDAY_1), 2);
}

std::string month_name(int month) {
#ifdef ALTMON_1
  return name(months, month - 1, ALTMON_1);  // in some languages MON_1 is of a date: of October
#else
  return name(months, month - 1, MON_1);
#endif
}

std::string short_month_name(int month) {
  return name(short_months, month - 1, ABMON_1);
}

std::string fitted(std::string_view text, std::size_t columns) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Cluster c = cluster_at(text, at);
    const auto width = static_cast<std::size_t>(c.columns);
    if (column + width > columns) break;
    out.append(text, at, c.length);
    column += width;
    at += c.length;
  }
  return out.append(columns - column, ' ');
}

}  // namespace md2

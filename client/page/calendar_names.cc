#include "client/page/calendar_names.h"

#include <langinfo.h>

#include "common/text/character.h"
#include "common/text/cluster.h"
#include "common/text/text.h"

namespace md2 {
namespace {

std::string name(nl_item item) {
  return sanitised(nl_langinfo(item));
}

}  // namespace

std::string weekday_name(int weekday) {
  std::string short_name = name(ABDAY_1 + weekday);
  const bool understood = !short_name.empty() && character_at(short_name, 0).length < short_name.size();
  return understood ? short_name : name(DAY_1 + weekday);
}

std::string two_columns_of_weekday(int weekday) {
  return fitted(name(ABDAY_1 + weekday), 2);
}

std::string month_name(int month) {
#ifdef ALTMON_1
  return name(ALTMON_1 + month - 1);  // in some languages MON_1 is of a date: of October
#else
  return name(MON_1 + month - 1);
#endif
}

std::string short_month_name(int month) {
  return name(ABMON_1 + month - 1);
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

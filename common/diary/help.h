#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/os/language.h"

namespace md2 {

/// What one line of the help explains.
struct HelpRow {
  std::string_view keys;
  std::string_view meaning;
};

/// What stands above the rows.
inline constexpr const char* help_heading = tr_later(
    "A line and Enter: kept in the diary. A paste, or Alt-Enter, makes an entry of several lines; C-x C-e writes it in "
    "$EDITOR.");

inline constexpr std::array<HelpRow, 20> help_rows = {{
    {"hi, r", tr_later("the diary")},
    {"?", tr_later("this help")},
    {"quit", tr_later("leave (or Ctrl-D)")},
    {" hi", tr_later("with a space in front: an entry")},
    {"/2015-10", tr_later("a month; a day is /2015-10-28")},
    {"/2015..", tr_later("from then on; ..2016 up to then")},
    {"/10-28", tr_later("that day of every year")},
    {tr_later("/today"), tr_later("前天, 上周, 周三, on-this-day too")},
    {"/-10", tr_later("the last ten; /-7d seven days")},
    {tr_later("/#tag 会议"), tr_later("with the tag and the word")},
    {tr_later("/-#tag a|b"), tr_later("without the tag; either word")},
    {tr_later("/\"today\""), tr_later("the word in quotes")},
    {tr_later("/at"), tr_later("WHEN TEXT, /补 at another time")},
    {tr_later("/edit"), tr_later("/改 the last one")},
    {tr_later("/delete"), tr_later("QUERY, /删 strikes out")},
    {tr_later("/tags"), tr_later("/标签 tags counted")},
    {tr_later("/cal"), tr_later("/日历 which days were written on")},
    {tr_later("/stats"), tr_later("/统计 how much")},
    {tr_later("/status"), tr_later("/状态 the server, what waits")},
    {"/ Tab", tr_later("what can follow")},
}};

/// What `?` answers on the wire and to programs: one text, so that it can be read without a server as well, for a
/// terminal of 80 columns. A prompt lays the same out for its own (client/page/help_page.h).
std::string help_text();

}  // namespace md2

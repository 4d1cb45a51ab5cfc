#pragma once

#include <array>
#include <string>
#include <string_view>

namespace md2 {

/// What one line of the help explains.
struct HelpRow {
  std::string_view keys;
  std::string_view meaning;
};

/// What stands above the rows.
inline constexpr std::string_view help_heading =
    "A line and Enter: kept in the diary. A paste, or Alt-Enter, makes an entry of several lines; C-x C-e writes it in "
    "$EDITOR.";

inline constexpr std::array<HelpRow, 20> help_rows = {{
    {"hi, r", "the diary"},
    {"?", "this help"},
    {"quit", "leave (or Ctrl-D)"},
    {" hi", "with a space in front: an entry"},
    {"/2015-10", "a month; a day is /2015-10-28"},
    {"/2015..", "from then on; ..2016 up to then"},
    {"/10-28", "that day of every year"},
    {"/today", "前天, 上周, 周三, on-this-day too"},
    {"/-10", "the last ten; /-7d seven days"},
    {"/#tag 会议", "with the tag and the word"},
    {"/-#tag a|b", "without the tag; either word"},
    {"/\"today\"", "the word in quotes"},
    {"/at", "WHEN TEXT, /补 at another time"},
    {"/edit", "/改 the last one"},
    {"/delete", "QUERY, /删 strikes out"},
    {"/tags", "/标签 tags counted"},
    {"/cal", "/日历 which days were written on"},
    {"/stats", "/统计 how much"},
    {"/status", "/状态 the server, what waits"},
    {"/ Tab", "what can follow"},
}};

/// What `?` answers on the wire and to programs: one text, so that it can be read without a server as well, for a
/// terminal of 80 columns. A prompt lays the same out for its own (client/page/help_page.h).
std::string_view help_text();

}  // namespace md2

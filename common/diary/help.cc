#include "common/diary/help.h"

#include "common/os/language.h"

namespace md2 {

std::string help_text() {
  return tr(R"(A line and Enter: kept in the diary. A paste, or Alt-Enter, makes an entry of
several lines; C-x C-e writes it in $EDITOR.
  hi, r      the diary             /2015-10    a month; a day is /2015-10-28
  ?          this help             /2015..     from then on; ..2016 up to then
  quit       leave (or Ctrl-D)     /10-28      that day of every year
   hi        with a space in       /today      前天, 上周, 周三, on-this-day too
             front: an entry       /-10        the last ten; /-7d seven days
  / Tab      what can follow       /#tag 会议  with the tag and the word
  /at WHEN TEXT, /补               /-#tag a|b  without the tag; either word
             at another time       /"today"    the word in quotes
  /edit      /改 the last one      /delete     QUERY, /删 strikes out
  /tags      /标签 tags counted    /cal        /日历 which days were written on
  /stats     /统计 how much        /status     /状态 the server, what waits
)");
}

}  // namespace md2

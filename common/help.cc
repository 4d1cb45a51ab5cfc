#include "common/help.h"

namespace md2 {

std::string_view help_text() {
  return R"(A line and Enter: kept in the diary. Paste or Alt-Enter make an entry of several lines.
  hi, r       the diary           /2015-10       a month, a day (/2015-10-28), a range (/2015..2016)
  ?           this help           /10-28         that day of every year
  quit        leave (or Ctrl-D)   /-10           the last ten
   hi         with a space in     /#tag /会议     a tag, words; all of these together as well
              front: an entry     C-x C-e        write the entry in $EDITOR
)";
}

}  // namespace md2

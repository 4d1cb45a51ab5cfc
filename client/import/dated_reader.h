#pragma once

#include "client/import/item.h"
#include "client/import/source.h"
#include "common/os/clock.h"

namespace md2 {

/// A diary that somebody keeps by hand: a line that begins with a date begins a day, and what follows is its text.
///
///     2019年3月5日 星期二 晴
///
///     今天去了公园。
///     2019年3月6日 21:26 ...
///
/// What stands behind the date (the weather) is the first line of the text; the day of the week goes with the date when
/// it agrees with it. A date counts when it has the form of the first one (WrittenDate::Form), so that a text that
/// names a day in another form stays whole. What stands before the first date is paragraphs.
void read_dated_text(Source& source, Clock& clock, const TakeItem& take);

}  // namespace md2

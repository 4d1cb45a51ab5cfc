#pragma once

#include "client/import/item.h"
#include "client/import/source.h"
#include "common/os/clock.h"

namespace md2 {

/// A journal of Org mode, as org-journal and date trees write it:
///
///     * Tuesday, 03/05/19               * 2019-03-05     * <2019-03-05 Tue>     * 5 March 2019
///     :PROPERTIES:
///     :CREATED:  20190305
///     :END:
///     ** 10:28 Company meeting                                    :work:
///     Endless discussions.
///
/// A heading that is a date begins a day, at whatever level; the headings one level below begin its entries, the time
/// at their front is that of the entry. Headings further below belong to the text, as does what stands above the first
/// entry of the day. Tags at the end of a heading become tags of the text. Property drawers are left out; CREATED says
/// which day is meant where the heading has it in the order of some country (`03/05/19`), else the day of the week
/// does, else the month stands first, as in the C locale (and whoever imports such a file is asked). Years and months
/// that hold days are no entries.
void read_org(Source& source, Clock& clock, const TakeItem& take);

/// True for the heading of a day.
bool is_org_day(std::string_view line);

/// The text of a heading, of whatever level; empty for any other line.
std::string_view org_heading(std::string_view line);

}  // namespace md2

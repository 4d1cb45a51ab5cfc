#pragma once

#include "client/import/item.h"
#include "client/import/json_entries.h"
#include "client/import/source.h"
#include "common/os/clock.h"

namespace md2 {

/// JSON of three programs; the keys of each entry say whose it is:
///
///     {"time":"2015-10-28T21:26:03.417293+08:00","text":"...","tags":["..."]}          md2, a line an entry
///     {"tags":{...},"entries":[{"title":"...","body":"...","date":"2015-10-28","time":"21:26","starred":false}]}  jrnl
///     {"metadata":{...},"entries":[{"creationDate":"2015-10-28T13:26:03Z","timeZone":"Asia\/Shanghai",
///                                   "text":"...","tags":["..."]}]}                                          Day One
///
/// - md2: the entry itself, to the microsecond; without a time a paragraph; with `corrects` a correction of the only
///   entry that has that time.
/// - jrnl (`--format json`): title, body and star become what stands in jrnl's own file, so both are one entry.
/// - Day One (JSON export): the moment in the zone where it was written; tags that the text does not have are added to
///   it, with `_` for what no tag can hold. Day One writes `\.`, `\-` and their kin for what its Markdown would take
///   for more: `.`, `-`.
void read_json(Source& source, Clock& clock, const TakeItem& take);

Item item_of_md2(const JsonEntry& entry, Clock& clock);
Item item_of_jrnl(const JsonEntry& entry, Clock& clock);
Item item_of_day_one(const JsonEntry& entry, Clock& clock);

}  // namespace md2

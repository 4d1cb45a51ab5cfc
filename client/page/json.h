#pragma once

#include <string>
#include <string_view>

#include "client/page/corrected.h"

namespace md2 {

/// Appends `text` as a JSON string (RFC 8259), quotes included. Valid for every sequence of bytes: what is not UTF-8
/// becomes U+FFFD. Control characters, those that JSON would let through among them (DEL and C1), are escaped, so that
/// a terminal may show it.
void append_json_string(std::string& out, std::string_view text);

/// Appends the item as a JSON object and a newline, for jq and its kin:
///
///     {"time":"2015-10-28T21:26:03.417293+08:00","text":"今天开始写日记 #日记","tags":["日记"]}
///
/// The time is the header's in ISO 8601; a loose line has none, and a blank one appends nothing. Behind it stands,
/// where the text was corrected, `"corrected":TIME`, that of the correction, and in one that stands by itself
/// `"corrects":TIME`, that of the entry, whose text it gives: none to strike it out. Both have `"hash":HASH`, that of
/// the entry's first text, where one was given: import tells by it which entry it is. Turned down: the first text
/// itself, which whoever corrected it wants nobody to read. Tags are without their sign, each once, in the order of the
/// text.
void append_json(std::string& out, const ReadItem& read);

}  // namespace md2

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "client/import/item.h"
#include "client/import/source.h"
#include "common/os/clock.h"

namespace md2 {

/// What an input can be written in. One reader each, behind read_items().
enum class Format {
  diary,       ///< md2's own, and paragraphs
  jrnl,        ///< see read_jrnl()
  dated,       ///< see read_dated_text()
  org,         ///< see read_org()
  json,        ///< see read_json()
  paragraphs,  ///< between blank lines, whatever they look like
};

struct FormatName {
  Format format;
  std::string_view option;  ///< behind --from=
  std::string_view text;    ///< in a sentence: "taken for ..."
};
std::span<const FormatName> format_names();
const FormatName& name_of(Format format);

/// Of what begins with `head`; nothing when more of it must be seen. `whole`: there is no more, or no more is wanted.
std::optional<Format> recognise(std::string_view head, bool whole);

/// Bytes that recognise() wants at most.
inline constexpr std::size_t recognised_by = std::size_t{64} << 10;

/// Reads all of the source. Throws what it throws. The zone of what bears none is the clock's.
void read_items(Format format, Source& source, Clock& clock, const TakeItem& take);

}  // namespace md2

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/import/format.h"
#include "client/import/input.h"

namespace md2 {

/// What an import must know of an input before it writes anything.
struct Surveyed {
  Input& input;
  Format format;
  bool is_diary;  ///< it holds entries in diary format, or that was said of it
};

/// Looks at what is to be imported. Of a file all is looked through: when anything in it can't be taken, nothing of any
/// is, as whoever mends it imports it again. Standard input may have no end: its beginning has to do, and what can't be
/// taken later is left out. `asked`: the format that was asked for.
///
/// What has dates that can't be read is asked for at a terminal, and else not taken, unless the format was asked for;
/// then a file that has no date in that format is not. Throws Error with all that speaks against the import.
std::vector<Surveyed> survey(std::vector<Input>& inputs, std::optional<Format> asked);

}  // namespace md2

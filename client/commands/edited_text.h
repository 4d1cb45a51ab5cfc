#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "client/commands/editable.h"
#include "common/os/language.h"

namespace md2 {

/// What stands before the text of an entry that is struck out, in the file of an editor: without it, it comes back.
inline constexpr const char* struck_mark = tr_later("(struck out) ");

/// The entries in diary format, their texts as a person reads them: what an editor gets.
std::string text_to_edit(const std::vector<Editable>& entries);

/// What came of it.
struct Edits {
  struct Rewritten {
    std::size_t entry = 0;  ///< which of them
    std::string text;
  };
  std::vector<Rewritten> rewritten;
  std::vector<std::size_t> removed;  ///< which of them
  std::vector<std::string> added;    ///< paragraphs without a header

  bool empty() const { return rewritten.empty() && removed.empty() && added.empty(); }
};

/// Compares what the editor left with what it got. A header stays as it is, or goes with its text; an empty line ends
/// an entry, as in every diary. Throws Error that names the line where that is not so.
Edits find_edits(std::string_view text, const std::vector<Editable>& entries);

}  // namespace md2

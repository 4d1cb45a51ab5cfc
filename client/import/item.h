#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "common/diary/timestamp.h"

namespace md2 {

/// What the reader of a format (client/import/format.h) found in its input.
struct Item {
  enum class Kind {
    paragraph,  ///< it bears no time
    dated,      ///< it has the time of another program or of a person, to the second at best: see Importer
    exact,      ///< it has an entry's own time, to the microsecond, and is that entry
  };
  Kind kind = Kind::paragraph;
  Timestamp time;          ///< not of a paragraph
  std::string text;        ///< as a person reads it, blanks at its ends included
  bool is_stored = false;  ///< `text` is as a diary holds it, and may be a correction
  struct Corrected {
    Timestamp when;
    std::uint32_t first;  ///< name_hash() of the other text
  };
  std::optional<Corrected> corrected;  ///< of an exact one: `text` stands in the place of another
  bool is_cut = false;                 ///< it has more than an entry may have, and `text` is only its beginning
  bool is_unended = false;      ///< the input ends in its last line: a stream that broke off may have had more of it
  bool is_open = false;         ///< the input ends before anything has shown that this is all of it
  std::uint64_t line = 0;       ///< where it begins in the input, counted from 1
  std::uint64_t text_line = 0;  ///< where its text begins, when that is not in the same line
  std::string fault;            ///< why the reader can't take it, `line 3: ...`; empty: nothing speaks against it
};

/// Is handed each item, in the order of the input.
using TakeItem = std::function<void(Item)>;

}  // namespace md2

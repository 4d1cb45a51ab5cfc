#pragma once

#include <optional>
#include <string_view>

#include "client/import/item.h"
#include "client/import/source.h"

namespace md2 {

/// Makes items of lines, for formats in which a line with a date begins an entry that goes on to the next such line.
/// What stands before the first one is paragraphs. An entry without words is none.
class DatedItems {
 public:
  explicit DatedItems(const TakeItem& take) : take_(take) {}

  /// The entry of that time begins in this line of the input.
  void begin(Timestamp time, std::uint64_t line);

  /// What follows has no date any more.
  void begin_paragraphs();

  /// The next line of the entry, or of what stands before the first.
  void add(std::string_view text, std::uint64_t line);

  /// What was added last ends here.
  void end() { give(false); }

  /// The same, and nothing has shown that it is all of it.
  void end_of_input() { give(true); }

 private:
  void give(bool is_open);

  const TakeItem& take_;
  std::optional<Timestamp> time_;
  std::uint64_t line_ = 0;
  std::uint64_t text_line_ = 0;
  GatheredText text_;
};

}  // namespace md2

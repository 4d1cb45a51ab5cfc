#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/page/corrected.h"
#include "client/page/text_rows.h"
#include "common/diary/query.h"
#include "common/os/language.h"
#include "common/text/tag.h"

namespace md2 {

/// The line above the diary when a client starts, with its newline.
inline constexpr const char* diary_heading = tr_later("*************** I'm diary history ***************\n");

/// What stands in the place of an answer without entries.
inline constexpr const char* nothing_found = tr_later("nothing found");

/// The same for a person, who may have meant a word of the query in another way.
std::string no_answer(const Query& query);

struct PageStyle {
  int columns = 0;      ///< of the terminal; 0 when there is none, and nothing is wrapped
  bool colour = false;  ///< the day, tags and what matched stand out (the caller asks NO_COLOR and the terminal)
};

/// The diary as a person reads it: items become lines for a terminal.
///
///     2015-10-28 Wed
///     21:26  the text, wrapped to the width of the terminal (client/page/text_rows.h), further lines below it
///
///     21:27✎ the newest text of an entry that was corrected
///     21:30  ✎ 2015-10-28 21:26  a correction where it was written, or
///     21:31  ✎ 2015-10-28 21:26 struck out
///
/// Where a terminal has fewer than 20 columns, the text begins below its time, at the margin.
///
/// Day and time are as the writer's clock showed them, the weekday is in the user's language (nl_langinfo(3): setlocale
/// first). Loose lines stand as they are in the file. Nothing that a terminal could obey comes through but the colours
/// made here; a tab becomes spaces up to the next multiple of 8 columns of the text.
class Page {
 public:
  /// `query`: what was asked; where the text matches it is highlighted.
  explicit Page(PageStyle style, Query query = {}) : style_(style), query_(std::move(query)) {}

  /// The terminal has another width from now on.
  void set_columns(int columns) { style_.columns = columns; }

  /// Appends the lines of the item to `out`, under a heading when its day is not that of the entry before.
  void add(std::string& out, const ReadItem& read);

 private:
  void add_text(std::string& out, std::string_view text, std::size_t indent);
  bool add_rows(std::string& out, std::string_view line, std::size_t indent, TextRows::Kind kind);
  void add_marked(std::string& out, std::string_view line, std::size_t begin, std::size_t end);

  PageStyle style_;
  Query query_;
  std::string day_;              ///< of the entry before, as it stands in the header
  std::string line_;             ///< a line made harmless
  std::vector<TextRange> tags_;  ///< in the line being added, in order; only with colour
  std::vector<TextRange> hits_;  ///< what matches the query, likewise
};

}  // namespace md2

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace md2 {

/// What a line means, at the prompt and in piped input.
struct Line {
  enum class Kind {
    nothing,  ///< only white space
    entry,
    dated_entry,  ///< `/at` or `/补`, a time and the text
    diary,        ///< `hi`, `r`
    query,        ///< `/` and what is asked
    tags,         ///< `/tags`, `/标签`, and a query or none
    calendar,     ///< `/cal`, `/日历`, likewise
    statistics,   ///< `/stats`, `/统计`, likewise
    edit,         ///< `/edit`, `/改`, and a query, or none for what stands on the screen last
    strike,       ///< `/delete`, `/删`, and a query
    status,       ///< `/status`, `/状态`, alone
    help,         ///< `?`, `？`, `/help`, `/帮助`, alone
    quit,
    attempt,  ///< only at a terminal: what people try in order to get help or to leave
  };
  Kind kind = Kind::nothing;
  std::string text;  ///< of an entry, trimmed, with its time in front (common/diary/when.h), of a query or an attempt
};

/// Where a line comes from.
enum class LineSource { pipe, terminal };

/// A word that means something else than a query when it stands behind the sign of a question.
struct QuestionWord {
  std::string_view word;
  Line::Kind kind;
};
std::span<const QuestionWord> question_words();

/// Bytes of the sign that begins a question where `line` begins with one, else 0: `/`, the full-width `／`, and at a
/// terminal `、`, which is what the same key gives under a Chinese input method.
std::size_t question_sign_length(std::string_view line, LineSource source);

/// Only a line that is exactly a command is one, and only one row can ask: a newline means text. Blanks and empty rows
/// behind don't count. Behind the sign of a question stand the words of question_words(); any other word is a query,
/// and so is `"at"`. At a terminal `help`, `exit`, `q`, `:q`, `bye`, `logout`, `退出`, `帮助` and `再见` are attempts,
/// also behind the sign of a question, as is `/quit` (`/"exit"` is a query): nobody wants them in his diary for ever. A
/// leading space, which is dropped, makes an entry of anything. CR LF and a byte order mark are as in unix_text()
/// (common/text/text.h).
Line parse_line(std::string_view line, LineSource source);

/// What has become of the text of an entry that was in a line at the prompt.
struct CorrectedLine {
  enum class Kind {
    same,
    nothing,  ///< only white space
    command,  ///< it would be one in any other line, which the text was not: hardly meant
    text,
  };
  Kind kind = Kind::same;
  std::string text;  ///< trimmed; the space in front that makes text of a command is dropped
};
CorrectedLine parse_corrected_line(std::string_view line, std::string_view before);

}  // namespace md2

#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "client/commands/day_counts.h"
#include "client/commands/editable.h"
#include "client/commands/summary.h"
#include "client/page/corrected.h"
#include "client/page/page.h"
#include "client/prompt/completion.h"
#include "client/prompt/days.h"
#include "common/diary/entry_reader.h"
#include "common/diary/query.h"
#include "common/net/message.h"

namespace md2 {

/// What the server sends becomes lines for the terminal, a slice at a time: the diary as it streams, entries as they
/// arrive, answers to questions. An entry that was written here is not shown again when it comes back.
class View {
 public:
  explicit View(PageStyle style) : style_(style), page_(style) {}

  void set_columns(int columns);

  /// An entry that was written here, in diary format.
  void wrote(std::string encoded);

  /// The diary was asked for: all of it is shown, what was written here as well, and only then what is new. It comes
  /// in any case, with the next connection if not with this one.
  void asked_for_diary();

  /// An `r` with this query was sent; its answer is shown with what matched standing out, or only what the summary says
  /// of it.
  void asked(Query query, std::unique_ptr<Summary> summary = nullptr);

  /// True from a question to the end of its answer on the screen.
  bool answering() const { return more_ || !answers_.empty(); }

  /// The connection is gone, and the answers with it; but that with the diary goes on with the next one.
  void forget_questions();

  /// Stops showing the answers that are under way.
  void skip();

  /// Takes a `diary`, `now`, `found`, `end`, `announce` or `help`; only after render() has given false.
  void take(const Message& message);

  /// Appends lines until `out` has about `limit` bytes. False when all was given that was taken.
  bool render(std::string& out, std::size_t limit);

  /// The entry that stands on the screen last, or was written here since; none when that was struck out.
  const std::optional<Editable>& last() const { return last_; }

  /// Of all that was rendered or written here.
  const Tags& tags() const { return tags_; }
  const Days& days() const { return days_; }

 private:
  /// To a question.
  struct Answer {
    Page page;
    std::string nothing;               ///< what is said when it has no entries
    std::unique_ptr<Summary> summary;  ///< in place of the page
    bool asks_for_all = false;
    bool is_diary = false;  ///< which was asked for as it is, and is followed from its end on
    AnswerCount count;      ///< of the page
    bool is_whole = true;
    bool skipped = false;
  };

  void say(std::string_view sentence);
  void take_end(const Message& end);
  void add_to_answer(std::string& out, const ReadItem& read);
  std::string end_of_answer() const;
  void end_answer();
  Summary* summary_of_answer();
  bool awaits_diary() const;
  void know(const ReadItem& read);
  void stands_last(const ReadItem& read);

  PageStyle style_;
  Page page_;  ///< of the diary
  Tags tags_;
  Days days_;
  std::optional<Editable> last_;
  EntryReader live_;                     ///< of `diary` pieces
  CorrectedReader found_;                ///< of `found` pieces; finished from `end` until all is rendered
  std::string said_;                     ///< a whole line or text, sanitised, behind the items
  std::unordered_set<std::string> own_;  ///< written here and not yet come back
  std::deque<Answer> answers_;           ///< asked for and not yet ended
  bool more_ = false;                    ///< render() has not given all
};

}  // namespace md2

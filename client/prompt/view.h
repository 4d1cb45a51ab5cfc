#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "client/commands/day_counts.h"
#include "client/commands/summary.h"
#include "client/page.h"
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

  /// The whole diary was asked for: all of it is shown, what was written here as well.
  void asked_for_diary() { diary_ = Diary::asked_for; }

  /// An `r` with this query was sent; its answer is shown with what matched standing out, or only what the summary says
  /// of it.
  void asked(Query query, std::unique_ptr<Summary> summary = nullptr);

  /// True from a question to the end of its answer on the screen.
  bool answering() const { return more_ || diary_ != Diary::followed || !answers_.empty(); }

  /// The connection is gone, and the answers with it. The diary goes on with the next one.
  void forget_questions();

  /// Stops showing the answers that are under way.
  void skip();

  /// Takes a `diary`, `now`, `found`, `end`, `announce` or `help`; only after render() has given false.
  void take(const Message& message);

  /// Appends lines until `out` has about `limit` bytes. False when all was given that was taken.
  bool render(std::string& out, std::size_t limit);

  /// Of all that was rendered or written here.
  const Tags& tags() const { return tags_; }
  const Days& days() const { return days_; }

 private:
  /// What comes as `diary` is entry by entry what is new, or, when it was asked for, all of it until `now`.
  enum class Diary { followed, asked_for, skipped };

  void say(std::string_view sentence);
  void end_answer();
  /// To a question.
  struct Answer {
    Page page;
    std::string nothing;               ///< what is said when it has no entries
    std::unique_ptr<Summary> summary;  ///< in place of the page
    bool asks_for_all = false;
    AnswerCount count;  ///< of the page
    bool is_whole = true;
  };

  void add_to_answer(std::string& out, const EntryReader::Item& item);
  std::string end_of_answer() const;
  Summary* summary_of_answer();
  Page* page_of_answer();
  bool shows(const EntryReader::Item& item);

  PageStyle style_;
  Page page_;  ///< of the diary
  Tags tags_;
  Days days_;
  EntryReader live_;                     ///< of `diary` pieces
  EntryReader found_;                    ///< of `found` pieces; finished from `end` until all is rendered
  std::string said_;                     ///< a whole line or text, sanitised, behind the items
  std::unordered_set<std::string> own_;  ///< written here and not yet come back
  Diary diary_ = Diary::followed;
  std::deque<std::optional<Answer>> answers_;  ///< asked for and not yet ended; nothing for one that is skipped
  bool more_ = false;                          ///< render() has not given all
};

}  // namespace md2

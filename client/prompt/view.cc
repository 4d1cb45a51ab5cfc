#include "client/prompt/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "client/page/text_rows.h"
#include "common/os/language.h"
#include "common/text/text.h"

namespace md2 {

void View::wrote(std::string encoded) {
  EntryReader reader;
  reader.feed(encoded);
  reader.finish();
  if (auto item = reader.next()) {
    const ReadItem read = read_item(*std::move(item));
    know(read);
    stands_last(read);
  }
  own_.insert(std::move(encoded));
}

void View::asked(Query query, std::unique_ptr<Summary> summary) {
  std::string nothing = no_answer(query);
  const bool all = query.empty();
  answers_.push_back({Page(style_, std::move(query)), std::move(nothing), std::move(summary), all, false, {}});
}

void View::asked_for_diary() {
  answers_.push_back({Page(style_), {}, nullptr, true, true, {}});
}

void View::set_columns(int columns) {
  style_.columns = columns;
  page_.set_columns(columns);
  for (Answer& answer : answers_) answer.page.set_columns(columns);
}

void View::forget_questions() {
  const bool goes_on = !answers_.empty() && answers_.front().is_diary;
  if (!goes_on) found_ = CorrectedReader();
  std::erase_if(answers_, [](const Answer& answer) { return !answer.is_diary; });
}

void View::skip() {
  if (found_.finished()) end_answer();
  for (Answer& answer : answers_) answer.skipped = true;
  found_ = CorrectedReader();
}

void View::say(std::string_view sentence) {
  said_ = in_rows(sentence, whole_rows(style_.columns)) + '\n';
}

void View::take(const Message& message) {
  switch (message.verb) {
    case Verb::diary:
      if (awaits_diary()) break;  // it has this, or this comes again behind it
      if (message.number != live_.offset() + live_.pending()) live_ = EntryReader(message.number);
      live_.feed(message.text);
      break;
    case Verb::now:
      live_.finish();
      break;
    case Verb::changed:
      live_ = EntryReader(message.number);
      say(tr("*** {}; hi shows it as it is now", sanitised(message.text)));
      break;
    case Verb::since:
      break;
    case Verb::broken:
      found_.finish();
      if (!answers_.empty()) answers_.front().is_whole = false;
      say(tr("*** this is not the whole answer: {}; ask again", sanitised(message.text)));
      break;
    case Verb::found:
      if (Summary* const summary = summary_of_answer()) {
        summary->feed(message.text);
      } else if (answers_.empty() || !answers_.front().skipped) {
        found_.feed(message.text);
      }
      break;
    case Verb::end:
      take_end(message);
      break;
    case Verb::announce:
      say(fmt::format("*** {}", sanitised(message.text)));
      break;
    case Verb::help:
      said_ = sanitised(message.text);
      break;
    default:
      say(tr("the server says: {}", sanitised(message.text)));
      break;
  }
}

void View::take_end(const Message& end) {
  found_.finish();
  if (answers_.empty() || answers_.front().skipped) return;
  const Answer& answer = answers_.front();
  if (answer.is_diary) live_ = EntryReader(end.second);
  if (answer.summary) return answer.summary->finish();
  if (end.number == 0 && !answer.nothing.empty()) say(answer.nothing);
}

bool View::render(std::string& out, std::size_t limit) {
  while (out.size() < limit) {
    auto item = live_.next();
    if (!item) break;
    const bool own = item->time && !own_.empty() && own_.erase(item->raw) > 0;
    const ReadItem read = read_item(*std::move(item));
    know(read);
    if (!own) page_.add(out, read);
    if (!own) stands_last(read);
  }
  while (out.size() < limit) {
    const auto read = found_.next();
    if (!read) break;
    know(*read);
    if (awaits_diary() && !own_.empty()) own_.erase(read->item.raw);
    add_to_answer(out, *read);
  }
  more_ = out.size() >= limit;
  if (more_) return true;
  if (live_.finished()) live_ = EntryReader(live_.offset());
  if (found_.finished()) {
    out += end_of_answer();
    end_answer();
  }
  out += std::exchange(said_, {});
  return false;
}

void View::add_to_answer(std::string& out, const ReadItem& read) {
  stands_last(read);
  if (answers_.empty()) return page_.add(out, read);
  Answer& answer = answers_.front();
  answer.page.add(out, read);
  answer.count.add(read.item);
}

/// What stands below its entries, or in their place.
std::string View::end_of_answer() const {
  if (answers_.empty() || answers_.front().skipped) return {};
  const Answer& answer = answers_.front();
  if (!answer.is_whole) return {};
  if (answer.summary && answer.summary->empty()) return in_rows(answer.nothing, whole_rows(style_.columns)) + '\n';
  if (answer.summary) return answer.summary->text(style_);
  return !answer.asks_for_all && answer.count.is_worth_saying() ? quiet_line(answer.count.text(), style_.colour) : "";
}

/// The next answer has a page of its own, and so has the diary after it: its day may no longer stand on the screen; but
/// behind the diary itself it does.
void View::end_answer() {
  found_ = CorrectedReader();
  const bool was_diary = !answers_.empty() && answers_.front().is_diary && !answers_.front().skipped;
  page_ = was_diary ? std::move(answers_.front().page) : Page(style_);
  if (!answers_.empty()) answers_.pop_front();
}

/// What takes the answer under way in the place of a page; null when nothing does.
Summary* View::summary_of_answer() {
  return !answers_.empty() && !answers_.front().skipped ? answers_.front().summary.get() : nullptr;
}

bool View::awaits_diary() const {
  return std::any_of(answers_.begin(), answers_.end(), [](const Answer& answer) { return answer.is_diary; });
}

void View::stands_last(const ReadItem& read) {
  auto entry = editable(read);
  if (!entry) return;
  const bool same = last_ && last_->name == entry->name;
  if (same && read.corrects) entry->time = last_->time;
  if (read.strikes()) {
    if (same) last_.reset();
  } else if (!same || !last_->newest || !entry->newest || entry->newest->micros >= last_->newest->micros) {
    last_ = std::move(entry);
  }
}

void View::know(const ReadItem& read) {
  tags_.see(read.text);
  days_.see(read.item.raw, read.item.time.has_value());
}

}  // namespace md2

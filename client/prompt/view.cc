#include "client/prompt/view.h"

#include <fmt/format.h>

#include <utility>

#include "client/text_rows.h"
#include "common/text/text.h"

namespace md2 {

void View::wrote(std::string encoded) {
  tags_.see(encoded);
  days_.see(encoded, true);
  own_.insert(std::move(encoded));
}

void View::asked(Query query, std::unique_ptr<Summary> summary) {
  std::string nothing = no_answer(query);
  const bool all = query.empty();
  answers_.push_back(Answer{Page(style_, std::move(query)), std::move(nothing), std::move(summary), all, {}});
}

void View::set_columns(int columns) {
  style_.columns = columns;
  page_.set_columns(columns);
  for (auto& answer : answers_) {
    if (answer) answer->page.set_columns(columns);
  }
}

void View::forget_questions() {
  answers_.clear();
  found_ = EntryReader();
}

void View::skip() {
  if (found_.finished()) end_answer();
  for (auto& answer : answers_) answer.reset();
  found_ = EntryReader();
  if (diary_ == Diary::followed) return;
  diary_ = Diary::skipped;
  live_ = EntryReader(live_.offset());
}

void View::say(std::string_view sentence) {
  said_ = in_rows(sentence, whole_rows(style_.columns)) + '\n';
}

void View::take(const Message& message) {
  switch (message.verb) {
    case Verb::diary:
      if (message.number != live_.offset() + live_.pending()) live_ = EntryReader(message.number);
      if (diary_ != Diary::skipped) live_.feed(message.text);
      break;
    case Verb::now:
      live_.finish();
      diary_ = Diary::followed;
      break;
    case Verb::changed:
      live_ = EntryReader(message.number);
      diary_ = Diary::followed;
      say(fmt::format("*** {}; hi shows it as it is now", sanitised(message.text)));
      break;
    case Verb::since:
      break;
    case Verb::broken:
      found_.finish();
      if (page_of_answer() != nullptr && !answers_.empty()) answers_.front()->is_whole = false;
      say(fmt::format("*** this is not the whole answer: {}; ask again", sanitised(message.text)));
      break;
    case Verb::found:
      if (Summary* const summary = summary_of_answer()) {
        summary->feed(message.text);
      } else if (page_of_answer() != nullptr) {
        found_.feed(message.text);
      }
      break;
    case Verb::end:
      found_.finish();
      if (Summary* const summary = summary_of_answer()) {
        summary->finish();
      } else if (page_of_answer() != nullptr && message.number == 0) {
        say(answers_.empty() ? std::string(nothing_found) : answers_.front()->nothing);
      }
      break;
    case Verb::announce:
      say(fmt::format("*** {}", sanitised(message.text)));
      break;
    case Verb::help:
      said_ = sanitised(message.text);
      break;
    default:
      say(fmt::format("the server says: {}", sanitised(message.text)));
      break;
  }
}

bool View::render(std::string& out, std::size_t limit) {
  for (EntryReader* reader : {&live_, &found_}) {
    while (out.size() < limit) {
      const auto item = reader->next();
      if (!item) break;
      tags_.see(item->raw);
      days_.see(item->raw, item->time.has_value());
      if (reader == &found_) {
        add_to_answer(out, *item);
      } else if (shows(*item)) {
        page_.add(out, *item);
      }
    }
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

void View::add_to_answer(std::string& out, const EntryReader::Item& item) {
  if (answers_.empty()) return page_.add(out, item);
  Answer& answer = *answers_.front();
  answer.page.add(out, item);
  answer.count.add(item);
}

/// What stands below its entries, or in their place.
std::string View::end_of_answer() const {
  if (answers_.empty() || !answers_.front()) return {};
  const Answer& answer = *answers_.front();
  if (!answer.is_whole) return {};
  if (answer.summary && answer.summary->empty()) return in_rows(answer.nothing, whole_rows(style_.columns)) + '\n';
  if (answer.summary) return answer.summary->text(style_);
  return !answer.asks_for_all && answer.count.is_worth_saying() ? quiet_line(answer.count.text(), style_.colour) : "";
}

/// The next answer has a page of its own, and so has the diary after it: its day may no longer stand on the screen.
void View::end_answer() {
  if (!answers_.empty()) answers_.pop_front();
  found_ = EntryReader();
  page_ = Page(style_);
}

/// What takes the answer under way in the place of a page; null when nothing does.
Summary* View::summary_of_answer() {
  return !answers_.empty() && answers_.front() ? answers_.front()->summary.get() : nullptr;
}

/// Where the answer under way is shown; null when it is skipped.
Page* View::page_of_answer() {
  if (answers_.empty()) return &page_;
  return answers_.front() ? &answers_.front()->page : nullptr;
}

bool View::shows(const EntryReader::Item& item) {
  const bool own = item.time && !own_.empty() && own_.erase(item.raw) > 0;
  return diary_ != Diary::followed || !own;
}

}  // namespace md2

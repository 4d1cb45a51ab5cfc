#include "client/prompt/view.h"

#include <fmt/format.h>

#include <utility>

#include "common/text/text.h"

namespace md2 {

void View::wrote(std::string encoded) {
  tags_.see(encoded);
  own_.insert(std::move(encoded));
}

void View::asked_for_diary() {
  whole_diary_ = true;
  skip_diary_ = false;
}

void View::asked(Query query) {
  if (questions_.empty()) answer_ = Page(style_, query);
  questions_.push_back(std::move(query));
}

void View::set_columns(int columns) {
  style_.columns = columns;
  page_.set_columns(columns);
  answer_.set_columns(columns);
}

void View::forget_questions() {
  questions_.clear();
  skipped_ = 0;
  found_ = EntryReader();
}

void View::skip() {
  skip_diary_ = whole_diary_;
  skipped_ = questions_.size();
  if (skip_diary_) live_ = EntryReader(live_.offset());
  found_ = EntryReader();
}

void View::take(const Message& message) {
  switch (message.verb) {
    case Verb::diary:
      if (message.number != live_.offset() + live_.pending()) live_ = EntryReader(message.number);
      if (!skip_diary_) live_.feed(message.text);
      break;
    case Verb::now:
      live_.finish();
      whole_diary_ = skip_diary_ = false;
      break;
    case Verb::found:
      if (skipped_ == 0) found_.feed(message.text);
      break;
    case Verb::end:
      found_.finish();
      if (skipped_ == 0 && message.number == 0) said_ = nothing_found;
      answered_ = true;
      break;
    case Verb::announce:
      said_ = fmt::format("*** {}\n", sanitised(message.text));
      break;
    case Verb::help:
      said_ = sanitised(message.text);
      break;
    default:
      said_ = fmt::format("the server says: {}\n", sanitised(message.text));
      break;
  }
}

bool View::render(std::string& out, std::size_t limit) {
  for (EntryReader* reader : {&live_, &found_}) {
    while (out.size() < limit) {
      const auto item = reader->next();
      if (!item) break;
      tags_.see(item->raw);
      if (reader == &found_) {
        answer_.add(out, *item);
      } else if (shows(*item)) {
        page_.add(out, *item);
      }
    }
    if (out.size() >= limit) return true;
    if (reader->finished()) *reader = EntryReader(reader->offset());
  }
  if (std::exchange(answered_, false)) end_answer();
  if (said_) out += *std::exchange(said_, std::nullopt);
  return false;
}

/// The next answer has a page of its own, and so has the diary after it: its day may no longer stand on the screen.
void View::end_answer() {
  if (skipped_ > 0) --skipped_;
  if (!questions_.empty()) questions_.pop_front();
  answer_ = questions_.empty() ? Page(style_) : Page(style_, questions_.front());
  page_ = Page(style_);
}

bool View::shows(const EntryReader::Item& item) {
  const bool own = item.time && !own_.empty() && own_.erase(item.raw) > 0;
  return whole_diary_ || !own;
}

}  // namespace md2

#include "server/answers.h"

#include <algorithm>

namespace md2 {
namespace {

std::size_t text_size(const Message& message) {
  return message.text.size();
}
std::size_t text_size(const Announcement& text) {
  return text->size();
}
std::size_t text_size(const Lookup& lookup) {
  return lookup.entry().size();
}
std::size_t text_size(const Added& added) {
  return added.entry.size();
}
std::size_t text_size(const Reading& /*reading*/) {
  return sizeof(Search) + max_query;
}
std::size_t text_size(const Read& /*read*/) {
  return 0;
}

std::size_t memory_of(const Answer& due) {
  return sizeof(Answer) + std::visit([](const auto& one) { return text_size(one); }, due);
}

bool is_ready(const Answer& due) {
  return std::holds_alternative<Message>(due) || std::holds_alternative<Announcement>(due);
}

}  // namespace

Announcement announcement(std::string_view text) {
  std::string message;
  append_message(message, Verb::announce, 0, text);
  return std::make_shared<const std::string>(std::move(message));
}

void Answers::turn(Answer& due, Answer into) {
  forget(due);
  due = std::move(into);
  note(due);
}

void Answers::pop() {
  forget(due_.front());
  due_.pop_front();
}

void Answers::clear() {
  due_.clear();
  due_.shrink_to_fit();
  counts_ = {};
  bytes_ = 0;
}

void Answers::keep_ready() {
  const auto open = std::find_if_not(due_.begin(), due_.end(), is_ready);
  std::for_each(open, due_.end(), [this](const Answer& due) { forget(due); });
  due_.erase(open, due_.end());
}

void Answers::confirm_reads(Diary& diary) {
  if (count<Read>() == 0) return;
  for (Answer& due : due_) {
    auto* const read = std::get_if<Read>(&due);
    if (read == nullptr) continue;
    if (read->at_once || (read->comparisons && *read->comparisons < diary.comparisons())) {
      turn(due, read->message(diary));
    } else if (!read->comparisons) {
      read->comparisons = diary.comparisons();
      diary.want_comparison();
    }
  }
}

void Answers::stop_reading() {
  for (Answer& due : due_) {
    if (auto* const reading = std::get_if<Reading>(&due)) turn(due, reading->stopped());
  }
}

void Answers::break_off_reading() {
  for (Answer& due : due_) {
    if (std::holds_alternative<Reading>(due) || std::holds_alternative<Read>(due)) turn(due, Reading::broken());
  }
}

std::size_t Answers::ready_size() const {
  const Answer& first = due_.front();
  return is_ready(first) ? std::visit([](const auto& one) { return text_size(one); }, first) : 0;
}

std::deque<Answer>::iterator Answers::first_lookup() {
  if (count<Lookup>() == 0) return due_.end();
  return std::find_if(due_.begin(), due_.end(), [](const Answer& due) { return std::holds_alternative<Lookup>(due); });
}

void Answers::insert(const std::deque<Answer>::const_iterator& place, Answer due) {
  note(due);
  due_.insert(place, std::move(due));
}

void Answers::note(const Answer& due) {
  ++counts_[due.index()];
  bytes_ += memory_of(due);
}

void Answers::forget(const Answer& due) {
  --counts_[due.index()];
  bytes_ -= memory_of(due);
}

}  // namespace md2

#include "client/link/questions.h"

#include <algorithm>
#include <utility>

#include "common/os/language.h"

namespace md2 {

std::optional<Message> Questions::next() {
  if (sent_ == 0) begin_answer();
  return sent_ < questions_.size() ? std::optional(questions_[sent_++].request) : std::nullopt;
}

void Questions::begin_answer() {
  passed_ = 0;
  passed_sum_ = {};
  differs_ = false;
}

void Questions::stop() {
  for (Question& question : questions_) question.stopped = true;
}

std::optional<Questions::Kind> Questions::drop_stopped() {
  if (questions_.empty() || !questions_.front().stopped) return std::nullopt;
  const Kind kind = questions_.front().kind;
  questions_.pop_front();
  return kind;
}

void Questions::forget_queries() {
  std::erase_if(questions_, [](const Question& question) { return question.kind == Kind::query; });
  sent_ = 0;
}

void Questions::found(std::string& text) {
  if (sent_ == 0) return;
  Question& question = questions_.front();
  if (passed_ < question.given) {
    const std::size_t again = std::min<std::uint64_t>(question.given - passed_, text.size());
    passed_sum_.add(std::string_view(text).substr(0, again));
    passed_ += again;
    differs_ = passed_ == question.given && passed_sum_.value() != question.sum.value();
    text.erase(0, again);
  }
  if (differs_) text.clear();
  question.given += text.size();
  passed_ += text.size();
  question.sum.add(text);
}

Questions::Ended Questions::ended(Message& message) {
  if (sent_ == 0) return {};
  const Question question = std::move(questions_.front());
  questions_.pop_front();
  --sent_;
  const bool fits = !differs_ && passed_ >= question.given;
  begin_answer();
  const Ended ended{question.kind, message.verb == Verb::end && !question.stopped};
  if (!fits && message.verb == Verb::end)
    message = {Verb::broken, 0, tr("the diary was changed while the connection was gone")};
  return ended;
}

bool Questions::awaits_diary() const {
  return std::any_of(questions_.begin(), questions_.end(),
                     [](const Question& question) { return question.kind == Kind::diary; });
}

}  // namespace md2

#include "server/session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/diary/entry.h"
#include "common/diary/help.h"
#include "common/os/error.h"
#include "common/os/version.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// Room for the header line of a piece and the newline behind it.
constexpr std::size_t framing_size = 64;

/// Bytes of the diary in one message. With its framing it fills whole TLS records (16 KiB, RFC 8446, 5.1): a small one
/// at the end would cost the client as much as a full one. And it is little to hold for a client that does not take it.
constexpr std::size_t piece_size = (std::size_t{64} << 10) - framing_size;

/// Answers that may wait for the disk or for one another; a client that asks for more waits in its socket.
constexpr std::size_t max_answers = 1024;

/// Bytes that a look-up reads in one turn: about 0.2 ms.
constexpr std::size_t lookup_slice = std::size_t{1} << 20;
constexpr std::size_t search_slice = std::size_t{1} << 20;  ///< the same for a search

}  // namespace

Session::Session(Diary& diary, Announce announce) : diary_(diary), announce_(std::move(announce)) {}

void Session::greet() {
  ending_ = !refusal_.empty();
  if (ending_) {
    answer(Verb::error, 0, refusal_);
  } else {
    answer(Verb::greeting, diary_.durable(), std::string(version()));
  }
}

void Session::receive(std::string_view bytes) {
  if (!ending_) reader_.feed(bytes);
}

bool Session::wants_input() const {
  return !ending_ && !stalled_ && !input_ended_;
}

void Session::handle_requests() {
  if (ending_) return;
  stalled_ = false;
  try {
    while (!ending_) {
      stalled_ = !finish_lookup() || answers_.size() >= max_answers;
      if (stalled_) return;
      auto message = reader_.next();
      if (!message) return;
      handle(std::move(*message));
    }
  } catch (const ProtocolError& error) {
    answer(Verb::error, 0, error.what());
    end();
  }
}

void Session::handle(Message message) {
  switch (message.verb) {
    case Verb::write:
      write(std::move(message));
      break;
    case Verb::hi:
      following_ = catching_up_ = true;
      cursor_ = std::min(message.number, diary_.durable());
      break;
    case Verb::r:
      search(message.text);
      break;
    case Verb::stop:
      if (catching_up_) cursor_ = diary_.durable();
      stop_reading();
      break;
    case Verb::ask:
      answer(Verb::help, 0, std::string(help_text()));
      break;
    case Verb::announce:
      if (const std::string fault = text_fault(message.text); !fault.empty()) {
        throw ProtocolError("the announcement can't be sent: " + fault);
      }
      answer(Verb::announced, announce_(message.text));
      break;
    case Verb::quit:
      answers_.push_back({Answer::State::leaving, Verb::bye, 0, "you asked for it", {}});
      ending_ = true;
      break;
    default:
      break;  // MessageReader lets only a client's verbs through
  }
}

void Session::search(std::string_view query) {
  try {
    // A client sends no `today`: the server's calendar may show another day.
    auto found = std::make_unique<Search>(
        Query::parse(query, local_date(now())), diary_.durable(),
        [this](std::uint64_t offset, char* to, std::size_t size) { return diary_.read(offset, to, size); });
    answers_.push_back({Answer::State::reading, Verb::end, 0, {}, std::move(found)});
  } catch (const QueryError& error) {
    answer(Verb::error, 0, error.what());
    end();
  }
}

void Session::write(Message message) {
  std::string why;
  if (!decode(message.text, &why)) {
    answer(Verb::refused, 0, std::move(why));
  } else if (!failure_.empty() && message.text != failed_) {
    answer(Verb::failed, 0, failure_);
  } else {
    failure_.clear();
    failed_.clear();
    const std::uint64_t since = stale_ ? 0 : message.number;
    if (diary_.surely_new(message.text, since)) {
      const std::uint64_t offset = diary_.add(message.text);
      answers_.push_back({Answer::State::added, Verb::saved, offset, std::move(message.text), {}});
      return;
    }
    lookup_.emplace(message.text, since);
    answers_.push_back({Answer::State::looking_up, Verb::saved, 0, std::move(message.text), {}});
  }
}

/// Goes on with the look-up for the newest `write`. False while the diary has not been searched to its end: entries are
/// added in the order in which they came, so the requests behind it wait.
bool Session::finish_lookup() {
  if (!lookup_) return true;
  Answer& due = answers_.back();
  switch (lookup_->step(diary_, lookup_slice)) {
    case Lookup::State::searching:
      return false;
    case Lookup::State::found:
      due = {Answer::State::ready, Verb::saved, lookup_->offset(), {}, {}};
      break;
    case Lookup::State::absent: {
      if (!failure_.empty()) {  // since the look-up began
        due = {Answer::State::ready, Verb::failed, 0, failure_, {}};
        break;
      }
      // Whoever else wrote it in this turn waits for the same commit.
      const auto same = find_in_batch(diary_, due.text);
      due.number = same ? *same : diary_.add(due.text);
      due.state = Answer::State::added;
      break;
    }
  }
  lookup_.reset();
  return true;
}

void Session::committed(const Diary::Commit& commit) {
  for (Answer& due : answers_) {
    if (due.state != Answer::State::added) continue;
    if (commit.saved) {
      due.state = Answer::State::ready;
      due.number += static_cast<std::uint64_t>(commit.shift);
      due.text.clear();
      continue;
    }
    // Were a later entry saved before this one, the client could no longer tell from one entry's place where the next
    // one stands. Until it sends this one again it does not know; whatever else it asks meanwhile proves nothing.
    if (failure_.empty()) failed_ = std::move(due.text);
    failure_ = commit.reason;
    due = {Answer::State::ready, Verb::failed, 0, commit.reason, {}};
  }
}

void Session::produce(std::string& out, std::size_t budget) {
  const std::size_t limit = out.size() + budget;
  while (!answers_.empty() && out.size() < limit) {
    if (!say(answers_.front(), out, limit - out.size())) break;
    answers_.pop_front();
  }
  if (following_ && (!ending_ || catching_up_) && out.size() < limit) follow(out, limit - out.size());
}

/// Says what an `r` finds within one slice of work. True when it has come to its end.
bool Session::read_on(Answer& answer, std::string& out, std::size_t budget) {
  if (budget <= framing_size) return false;
  std::string found;
  const bool more = answer.search->step(search_slice, std::min(budget - framing_size, piece_size), found);
  if (!found.empty()) append_message(out, Verb::found, 0, found);
  answer.number = answer.search->count();
  return !more;
}

/// What was found so far is the answer.
void Session::stop_reading() {
  for (Answer& due : answers_) {
    if (due.state == Answer::State::reading) due.state = Answer::State::ready;
  }
}

/// True when the answer was said whole.
bool Session::say(Answer& answer, std::string& out, std::size_t budget) {
  if (answer.state == Answer::State::reading && !read_on(answer, out, budget)) return false;
  if (answer.state == Answer::State::leaving && catching_up_) return false;
  if (answer.state == Answer::State::looking_up || answer.state == Answer::State::added) return false;
  append_message(out, answer.verb, answer.number, answer.text);
  return true;
}

void Session::follow(std::string& out, std::size_t budget) {
  static std::array<char, piece_size> piece;  // one thread serves all sessions
  const std::size_t limit = out.size() + budget;
  while (cursor_ < diary_.durable() && out.size() + framing_size < limit) {
    const std::size_t room = std::min(piece_size, limit - out.size() - framing_size);
    const std::size_t size = std::min<std::uint64_t>(room, diary_.durable() - cursor_);
    // The owner may have cut the diary just now: the next check_for_changes() says how to go on.
    if (diary_.read(cursor_, piece.data(), size) != size) return;
    out.reserve(out.size() + framing_size + size);
    append_message(out, Verb::diary, cursor_, {piece.data(), size});
    cursor_ += size;
  }
  if (catching_up_ && cursor_ >= diary_.durable()) {
    catching_up_ = false;
    append_message(out, Verb::now, cursor_);
  }
}

bool Session::busy() const {
  if (stalled_ && (lookup_ || answers_.size() < max_answers)) return true;
  if (!answers_.empty()) return answers_.front().state != Answer::State::looking_up;
  return following_ && !ending_ && (catching_up_ || cursor_ < diary_.durable());
}

bool Session::ended() const {
  if (!answers_.empty()) return false;
  return ending_ || (input_ended_ && !stalled_ && !catching_up_);
}

void Session::restart() {
  stale_ = true;
  stop_reading();
  if (lookup_) lookup_->restart();
  cursor_ = diary_.durable();
  catching_up_ = following_;  // tells the client where the offsets go on
}

bool Session::announce(std::string_view text) {
  if (!following_ || ending_ || answers_.size() >= max_answers) return false;
  answer(Verb::announce, 0, std::string(text));
  return true;
}

void Session::say_bye(std::string_view reason) {
  if (ending_) return;
  // What is not on disk by now has no answer; neither has a search that would go on.
  std::erase_if(answers_, [](const Answer& due) { return due.state != Answer::State::ready; });
  lookup_.reset();
  answer(Verb::bye, 0, std::string(reason));
  end();
}

/// Nothing but the answers that are due is said any more.
void Session::end() {
  ending_ = true;
  catching_up_ = false;
}

void Session::answer(Verb verb, std::uint64_t number, std::string text) {
  answers_.push_back({Answer::State::ready, verb, number, std::move(text), {}});
}

}  // namespace md2

#include "server/session.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "common/diary/help.h"
#include "common/os/language.h"
#include "common/os/version.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// While an answer is due; a client waits ten times as long.
constexpr std::chrono::seconds longest_silence{1};

/// Bytes of a request, or of answers, whose cost nobody feels however many have them: an entry as people write it.
constexpr std::size_t little_text = std::size_t{4} << 10;

/// Bytes of answers that a client may have before it, who is then told nothing of announcements.
constexpr std::size_t most_unheard = std::size_t{256} << 10;

constexpr const char* purged = tr_later("what was written at this time was purged from the diary");

}  // namespace

Session::Session(Diary& diary, std::string identity, Announce announce, Turn& turn)
    : diary_(diary),
      identity_(std::move(identity)),
      announce_(std::move(announce)),
      turn_(turn),
      number_(turn.join()),
      cursor_(diary) {}

void Session::greet(Rights rights) {
  greeted_ = true;
  rights_ = rights;
  if (input_ == Input::ignored) return;
  answers_.push(Message{Verb::greeting, cursor_.greet(), std::string(version()), 0, identity_});
}

void Session::refuse(std::string reason) {
  answer(Verb::error, 0, std::move(reason));
  end();
}

void Session::turn_away(std::string reason) {
  answers_.clear();
  held_.reset();
  failure_.reset();
  MessageReader none(Role::client);
  std::swap(reader_, none);  // an assignment would keep the memory
  refuse(std::move(reason));
}

std::size_t Session::held() const {
  std::size_t bytes = reader_.held() + answers_.bytes();
  if (held_) bytes += held_->text.size();
  if (failure_) bytes += failure_->entry.size();
  if (answers_.empty()) return bytes;
  const auto* const reading = std::get_if<Reading>(&answers_.front());
  return reading == nullptr ? bytes : bytes + reading->held();
}

void Session::receive(std::string_view bytes) {
  if (input_ != Input::ignored) reader_.feed(bytes);
}

bool Session::wants_input() const {
  return input_ == Input::open && !stalled_;
}

void Session::end_input() {
  if (input_ == Input::open) input_ = Input::ended;
}

void Session::handle_requests() {
  answers_.confirm_reads(diary_);
  finish_lookups();  // what was asked is answered, though nothing more is heard
  if (input_ == Input::ignored) return;
  stalled_ = false;
  try {
    for (std::size_t handled = 0; input_ != Input::ignored;) {
      stalled_ = answers_.full() || !diary_.has_room();
      if (!diary_.has_room()) turn_.requests.leave_out(number_);
      if (stalled_) return;
      if (!held_) held_ = reader_.next();
      if (!held_) return;
      // Writes are looked for together, or each would have a pass of its own; whatever else is asked waits for them.
      // Who asks once, or writes little, is never left out.
      const bool first = handled == 0;
      handled += framing_size + held_->text.size();
      const bool little = handled <= little_text && (first || held_->verb == Verb::write);
      stalled_ =
          (answers_.count<Lookup>() > 0 && held_->verb != Verb::write) || (!little && !turn_.requests.allows(number_));
      if (stalled_) return;
      handle(*std::exchange(held_, std::nullopt));
    }
  } catch (const ProtocolError& error) {
    refuse(error.what());
  } catch (const QueryError& error) {
    refuse(error.what());
  }
}

/// Why a client with these rights may not ask that; empty when it may.
std::string Session::fault_of(const Message& request) const {
  if (rights_ == Rights::all || request.verb == Verb::write || request.verb == Verb::quit) return {};
  return tr_later("this key only writes");
}

void Session::handle(Message message) {
  if (std::string fault = fault_of(message); !fault.empty()) return refuse(std::move(fault));
  switch (message.verb) {
    case Verb::write:
      write(std::move(message.text), changes_.since_of(message));
      break;
    case Verb::told:
      if (++tolds_ == told_number_) diary_.untold().told(told_);
      break;
    case Verb::hi:
      if (auto broken = cursor_.begin(message)) answers_.push(*std::move(broken));
      break;
    case Verb::r:
    case Verb::raw:
      read(message);
      break;
    case Verb::stop:
      cursor_.skip();
      answers_.stop_reading();
      break;
    case Verb::ask:
      answer(Verb::help, 0, std::string(help_text()));
      break;
    case Verb::announce:
      if (const std::string fault = text_error(message.text); !fault.empty()) {
        throw ProtocolError(tr_later("the announcement can't be sent: ") + fault);
      }
      answer(Verb::announced, announce_(message.text));
      break;
    case Verb::quit:
      answer(Verb::bye, 0, tr_later("you asked for it"));
      input_ = Input::ignored;
      break;
    default:
      break;  // MessageReader lets only a client's verbs through
  }
}

/// A client sends no `today`: the server's calendar may show another day.
void Session::read(const Message& asked) {
  Query query = Query::parse(asked.text, local_date(now(turn_.clock())));
  const Reading::Of what = asked.verb == Verb::r ? Reading::Of::corrected : Reading::Of::written;
  answers_.push(Reading(diary_, std::move(query), what));
}

void Session::write(std::string entry, std::uint64_t since) {
  std::string why;
  const auto decoded = decode(entry, &why);
  if (!decoded) return answer(Verb::refused, 0, std::move(why));
  if (rights_ == Rights::write && parse_correction(decoded->text))
    return answer(Verb::refused, 0, tr_later("a key that only writes makes no corrections"));
  if (failure_ && entry != failure_->entry) return answer(Verb::failed, 0, failure_->reason);
  failure_.reset();
  if (const auto place = diary_.find_recent(entry)) {
    if (*place < diary_.durable()) return answers_.push(found(*place, entry));
    return answers_.push(Added{*place, std::move(entry)});
  }
  const bool closed = diary_.is_closed(decoded->time);
  const bool is_new = !closed && diary_.surely_new(entry, since);
  if (is_new && answers_.count<Lookup>() == 0) {
    const std::uint64_t offset = diary_.add(entry);
    return answers_.push(Added{offset, std::move(entry)});
  }
  // A new one waits for those before it.
  const std::uint64_t from = is_new ? diary_.durable() : diary_.trusts_offsets() && !closed ? since : 0;
  answers_.push(Lookup(std::move(entry), from));
}

/// The answer to who writes what stands in the diary already.
Message Session::found(std::uint64_t place, const std::string& entry) {
  if (diary_.vouch(place, entry)) return {Verb::saved, place, {}};
  failure_ = Failure{entry, tr_later("what is saved could not be noted beside the diary")};
  return {Verb::failed, 0, failure_->reason};
}

/// Goes on with what is looked for. What is absent is added in the order in which it came, so nothing behind one that
/// is still looked for is.
void Session::finish_lookups() {
  if (answers_.count<Lookup>() == 0 || !diary_.has_room() || !turn_.requests.allows(number_)) return;
  std::vector<Lookup*> lookups;
  lookups.reserve(answers_.count<Lookup>());
  const auto first = answers_.first_lookup();
  for (auto due = first; due != answers_.end(); ++due) {
    if (auto* const lookup = std::get_if<Lookup>(&*due)) lookups.push_back(lookup);
  }
  const auto searching = [](const Lookup* one) { return one->state() == Lookup::State::searching; };
  do {
    pass_.step(diary_, lookups, slice_budget);
  } while (std::any_of(lookups.begin(), lookups.end(), searching) && turn_.requests.has_time_to_spare());
  for (auto due = first; due != answers_.end() && answers_.count<Lookup>() > 0 && diary_.has_room(); ++due) {
    const auto* const lookup = std::get_if<Lookup>(&*due);
    if (lookup == nullptr) continue;
    if (lookup->state() == Lookup::State::searching) return;
    finish(*due);
  }
}

void Session::finish(Answer& due) {
  const Lookup& lookup = std::get<Lookup>(due);
  std::string entry = lookup.entry();
  if (lookup.state() == Lookup::State::found) {
    answers_.turn(due, found(lookup.offset(), entry));
  } else if (failure_) {  // since the look-up began
    answers_.turn(due, Message{Verb::failed, 0, failure_->reason});
  } else {
    // Whoever else wrote it meanwhile, or in this turn: one is enough.
    const auto same = diary_.find_recent(entry);
    if (same && *same < diary_.durable()) {
      answers_.turn(due, found(*same, entry));
    } else if (!same && diary_.is_closed(*parse_header(entry))) {
      answers_.turn(due, Message{Verb::refused, 0, std::string(purged)});
    } else {
      const std::uint64_t offset = same ? *same : diary_.add_sought(entry);
      answers_.turn(due, Added{offset, std::move(entry)});
    }
  }
}

void Session::committed(const Commit& commit) {
  if (answers_.count<Added>() == 0) return;
  for (Answer& due : answers_) {
    auto* const added = std::get_if<Added>(&due);
    if (added == nullptr) continue;
    if (commit.state == Commit::State::saved) {
      answers_.turn(due, Message{Verb::saved, commit.place_of(added->offset), {}});
      continue;
    }
    if (commit.state == Commit::State::again) {
      answers_.turn(due, Lookup(added->entry, 0));
      continue;
    }
    // Were a later entry saved before this one, the client could no longer tell from one entry's place where the next
    // one stands. Until it sends this one again it does not know; whatever else it asks meanwhile proves nothing.
    if (!failure_) failure_ = Failure{added->entry, {}};
    failure_->reason = commit.reason;
    answers_.turn(due, Message{Verb::failed, 0, commit.reason});
  }
}

void Session::produce(std::string& out, std::size_t budget) {
  const std::size_t begin = out.size();
  say_answers(out, budget);
  say_alive(out, out.size() > begin);
}

void Session::say_answers(std::string& out, std::size_t budget) {
  const std::size_t limit = out.size() + budget;
  const std::size_t little = out.size() + little_text;
  while (!answers_.empty() && out.size() < limit) {
    if (out.size() + answers_.ready_size() > little && !turn_.answers.allows(number_)) return;
    if (!say(answers_.front(), out, limit - out.size())) break;
    answers_.pop();
  }
  const bool live = cursor_.state() == Cursor::State::live;
  if (live && input_ == Input::ignored) return;
  if (live) tell_untold(out);
  if (out.size() >= limit || !cursor_.behind() || !turn_.answers.allows(number_)) return;
  if (auto broken = cursor_.produce(out, limit - out.size())) answers_.push(*std::move(broken));
}

/// A client gives up a server that owes it an answer and says nothing; this one is at work.
void Session::say_alive(std::string& out, bool said) {
  const Clock::Steady now = turn_.clock().steady();
  if (!said && !answers_.empty() && now - said_at_ < longest_silence) return;
  if (!said && !answers_.empty()) append_message(out, Verb::found, 0, {});
  said_at_ = now;
}

/// True when the answer was said whole.
bool Session::say(Answer& answer, std::string& out, std::size_t budget) {
  if (const auto* const announced = std::get_if<Announcement>(&answer)) {
    ++announced_;
    out += **announced;
    return true;
  }
  if (std::holds_alternative<Reading>(answer)) read_on(answer, out, budget);
  const auto* const ready = std::get_if<Message>(&answer);
  if (ready == nullptr) return false;
  // A `hi` before `quit` comes to its end first.
  if (ready->verb == Verb::bye && cursor_.state() == Cursor::State::catching_up) return false;
  say_ready(*ready, out);
  return true;
}

/// Offsets, and reasons that name files of the owner's, are not for everybody.
void Session::say_ready(const Message& ready, std::string& out) const {
  const bool trusted = rights_ == Rights::all;
  const std::uint64_t number = trusted ? ready.number : 0;
  if (ready.verb == Verb::greeting) {
    append_greeting(out, ready.text, number, ready.identity);
  } else if (ready.verb == Verb::failed && !trusted) {
    append_message(out, Verb::failed, 0, tr_later("the diary can't take it now"));
  } else {
    append_message(out, ready.verb, number, ready.text, ready.second, ready.check);
  }
}

/// Says what is found within its budget of work.
void Session::read_on(Answer& answer, std::string& out, std::size_t budget) {
  if (budget <= framing_size || !turn_.answers.allows(number_)) return;
  auto ended = std::get<Reading>(answer).go_on(out, budget);
  if (ended) std::visit([&](auto& into) { answers_.turn(answer, std::move(into)); }, *ended);
}

bool Session::busy() const {
  const bool may_handle = answers_.count<Lookup>() > 0 || (stalled_ && !answers_.full());
  if (may_handle && !diary_.waits_for_name()) return true;
  if (!answers_.empty()) return !std::holds_alternative<Lookup>(answers_.front());
  return input_ != Input::ignored && cursor_.behind();
}

bool Session::ended() const {
  if (!answers_.empty()) return false;
  if (input_ == Input::ended) return !stalled_ && cursor_.state() != Cursor::State::catching_up;
  return input_ == Input::ignored;
}

void Session::changed(Diary::Change change, std::uint64_t floor) {
  if (change == Diary::Change::none) return;
  const bool told = greeted_ && input_ != Input::ignored && rights_ == Rights::all;
  if (told) answers_.push_before_lookups(changes_.tell(floor));
  for (Answer& due : answers_) {
    if (auto* const lookup = std::get_if<Lookup>(&due)) lookup->restart(floor);
  }
  if (change == Diary::Change::added) return;
  answers_.break_off_reading();
  const bool live = cursor_.state() == Cursor::State::live;
  if (!told || cursor_.state() == Cursor::State::off || (change == Diary::Change::touched && live)) return;
  answers_.push_before_lookups(cursor_.broken_off(tr_later("the diary was changed by hand")));
}

/// What the owner has yet to learn, to whoever follows: it goes when one of them has shown it.
void Session::tell_untold(std::string& out) {
  const Untold& untold = diary_.untold();
  if (untold.text().empty() || told_ == untold.version()) return;
  told_ = untold.version();
  told_number_ = ++announced_;
  append_message(out, Verb::announce, 0, untold.text());
}

bool Session::announce(const Announcement& text) {
  if (cursor_.state() == Cursor::State::off || input_ == Input::ignored) return false;
  if (answers_.size() >= Answers::most || answers_.bytes() >= most_unheard) return false;
  answers_.push_before_lookups(text);
  return true;
}

void Session::say_bye(std::string_view reason) {
  if (input_ == Input::ignored) return;
  // What is not on disk by now has no answer; neither has a search that would go on.
  // An answer is known by its order only: what stands behind one that is left out is left out as well.
  answers_.keep_ready();
  answer(Verb::bye, 0, std::string(reason));
  end();
}

/// Nothing but the answers that are due is said any more.
void Session::end() {
  input_ = Input::ignored;
  cursor_.end();
}

void Session::answer(Verb verb, std::uint64_t number, std::string text) {
  answers_.push(Message{verb, number, std::move(text)});
}

}  // namespace md2

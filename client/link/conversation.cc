#include "client/link/conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/net/keys.h"
#include "common/os/language.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto retry_pause = 5s;  ///< after the server could not save: its disk is full, and somebody must make room

/// For what listens there to say the first word, and for whoever owes an answer to say anything.
constexpr auto longest_silence = 10s;
constexpr auto silence_for_who_leaves = 2s;
constexpr auto longest_leaving = 10s;

/// A server gives its reasons in English, so that each of its clients can have them in a language of its own; but what
/// it was told by its system or found in a file is in the server's.
bool tells_why(Verb verb) {
  return verb == Verb::failed || verb == Verb::refused || verb == Verb::broken || verb == Verb::bye ||
         verb == Verb::error;
}

}  // namespace

Conversation::Conversation(Outbox& outbox, Exchange& exchange, std::optional<Message> start)
    : outbox_(outbox), exchange_(exchange), follow_(start.has_value()), sender_(outbox) {
  // A command writes at once what was said just now. At a prompt the first attempt may take long, and meanwhile the
  // owner may have taken from the outbox what waits (`cat outbox >> diary`): nothing was heard of the diary then.
  if (!follow_) exchange_.hear(sender_.heard());
  if (start) questions_.ask(Questions::Kind::diary, *std::move(start));
}

void Conversation::begin(Time now, Expected expected) {
  reader_ = MessageReader(Role::server);
  greeted_ = follow_due_ = catching_up_ = skipping_ = false;
  asked_ = 0;
  questions_.connected();
  expected_ = std::move(expected);
  begun_ = moved_ = now;
  retry_at_.reset();
  ending_.reset();
}

/// The greeting has its time as a whole, however its bytes trickle.
void Conversation::moved(Time now) {
  if (greeted_) moved_ = now;
}

void Conversation::receive(std::string_view said, Time now) {
  if (!said.empty()) moved(now);
  try {
    reader_.feed(said);
    while (!over()) {
      auto message = reader_.next();
      if (!message) break;
      handle(std::move(*message), now);
    }
  } catch (const OtherProtocol& other) {
    end(other.older() ? Ending::Why::older : Ending::Why::newer, other.what());
  } catch (const ProtocolError& error) {
    end(Ending::Why::fault, tr("what it says is not md2's protocol: {}", error.what()));
  }
}

void Conversation::produce(std::string& out, std::size_t budget, Time now) {
  if (!greeted_ || over()) return;
  const std::size_t limit = out.size() + budget;
  if (!awaits_answer()) moved_ = now;
  follow(out);
  ask_all(out);
  take_requests(out);
  follow(out);
  sender_.hold_since(exchange_.held_since());
  sender_.send(out, limit);
  if (outbox_.waiting() > 0) {
    drained_said_ = false;
  } else if (!std::exchange(drained_said_, true)) {
    exchange_.push({Event::Kind::drained, {}});
  }
}

void Conversation::ask(std::string& out, const Message& request) {
  const Verb verb = request.verb;
  if (verb == Verb::hi) catching_up_ = true;
  if (verb == Verb::r || verb == Verb::raw || verb == Verb::ask || verb == Verb::announce) ++asked_;
  append_message(out, verb, request.number, request.text, request.second);
}

void Conversation::follow(std::string& out) {
  if (!std::exchange(follow_due_, false)) return;
  asked_from_ = bookmark_.offset();
  ask(out, {Verb::hi, asked_from_, {}, bookmark_.check()});
  bookmark_.begin_again();
}

void Conversation::ask_all(std::string& out) {
  if (!follow_ || only_writes(expected_.key)) return;
  while (const auto question = questions_.next()) ask(out, *question);
}

void Conversation::take_requests(std::string& out) {
  for (Message& request : exchange_.take_requests()) {
    if (request.verb == Verb::stop) {
      questions_.stop();
      skipping_ = catching_up_;
    }
    const bool question = request.verb == Verb::r || request.verb == Verb::raw;
    if (!follow_ && request.verb == Verb::hi) {
      begin_file();
    } else if (!follow_ || (!question && request.verb != Verb::hi)) {
      ask(out, request);
    } else if (question) {
      questions_.ask(Questions::Kind::query, std::move(request));
    } else {
      if (!questions_.awaits_diary()) before_diary_ = bookmark_;
      questions_.ask(Questions::Kind::diary, {Verb::r, 0, std::move(request.text)});
    }
    ask_all(out);
  }
}

/// What comes until then is of an earlier `hi`.
void Conversation::begin_file() {
  wants_file_ = follow_due_ = true;
  bookmark_.go_on_from(0, 0);
}

/// When whoever owes something has had his time; nothing when nobody does.
std::optional<Conversation::Time> Conversation::silent_at() const {
  if (!awaits_answer()) return std::nullopt;
  if (!greeted_) return expected_.greet.value_or(begun_ + longest_silence);
  if (leaving_) return std::min(moved_ + silence_for_who_leaves, *leaving_ + longest_leaving);
  return moved_ + longest_silence;
}

std::optional<Conversation::Time> Conversation::deadline() const {
  return earlier(earlier(silent_at(), retry_at_), greeted_ ? std::nullopt : expected_.late);
}

/// The server answers `failed` to every `write` until the first that failed comes again, so that no entry overtakes
/// another.
void Conversation::tick(Time now) {
  if (over()) return;
  if (exchange_.leaving() && !leaving_) leaving_ = now;
  if (!greeted_ && expected_.late && now >= *expected_.late) {
    expected_.late.reset();
    exchange_.push({Event::Kind::late, {Verb::error, 0, tr("what listens there has said nothing yet")}});
  }
  if (const auto silent = silent_at(); silent && now >= *silent) {
    if (!greeted_ || leaving_ || wants_input()) return end(Ending::Why::silent, silence(now));
    moved_ = now;  // it is we who don't listen
  }
  if (!retry_at_ || now < *retry_at_) return;
  retry_at_.reset();
  if (sender_.quiet()) sender_.retry();
}

std::string Conversation::silence(Time now) const {
  const auto seconds = [&](Time since) { return std::chrono::round<std::chrono::seconds>(now - since).count(); };
  if (!greeted_) return tr("what listens there said nothing within {} s", seconds(begun_));
  if (leaving_ && now < moved_ + silence_for_who_leaves)
    return tr("it still owes an answer after {} s", seconds(*leaving_));
  return tr("it owes an answer and has said nothing for {} s", seconds(moved_));
}

void Conversation::end(Ending::Why why, std::string text) {
  if (over()) return;
  ending_ = Ending{why, std::move(text), greeted_};
  missed();
}

void Conversation::missed() {
  sender_.disconnected();
  exchange_.hear(0);
}

void Conversation::handle(Message message, Time now) {
  if (tells_why(message.verb)) message.text = tr(message.text);
  switch (message.verb) {
    case Verb::greeting:
      return greeted(message);
    case Verb::saved:
    case Verb::failed:
    case Verb::refused:
      return answered(std::move(message), now);
    case Verb::bye:
      return end(Ending::Why::bye, message.text);
    case Verb::error:
      return end(Ending::Why::fault, message.text);
    case Verb::diary:
      if (!received(message)) return;
      break;
    case Verb::now:
      if (!caught_up(message)) return;
      break;
    case Verb::since:
      sender_.changed(message.number, message.second);
      exchange_.hear(sender_.heard());
      break;
    case Verb::changed:
      catching_up_ = skipping_ = false;
      changed(message);
      break;
    case Verb::found:
      if (follow_) questions_.found(message.text);
      break;
    case Verb::end:
    case Verb::broken:
      asked_ -= std::min<std::size_t>(asked_, 1);
      if (follow_) answer_ended(message);
      break;
    case Verb::help:
    case Verb::announced:
      asked_ -= std::min<std::size_t>(asked_, 1);
      break;
    default:
      break;
  }
  exchange_.push({Event::Kind::message, std::move(message)});
}

void Conversation::offline(bool tell, const std::string& why) {
  // Whoever asked is told by the event; the diary comes with the next connection.
  for (const Message& request : exchange_.take_requests()) {
    if (request.verb == Verb::stop) questions_.stop();
    if (request.verb != Verb::hi) continue;
    if (follow_) {
      questions_.ask(Questions::Kind::diary, {Verb::r, 0, request.text});
    } else {
      begin_file();
    }
  }
  questions_.forget_queries();
  std::vector<std::string> notices;
  outbox_.meet_nobody(notices);
  push_notices(notices);
  if (tell) exchange_.push({Event::Kind::offline, {Verb::error, 0, why}});
}

void Conversation::push_notices(const std::vector<std::string>& notices) {
  for (const std::string& notice : notices) exchange_.push({Event::Kind::notice, {Verb::error, 0, notice}});
}

/// Before anything is sent or shown: all that waits bears the diary's identity when this is true.
bool Conversation::is_our_diary(const std::string& identity) {
  std::vector<std::string> notices;
  try {
    const bool wanted = expected_.diary.empty() || expected_.diary == identity;
    if (!wanted || !outbox_.meet(identity, notices)) {
      end(Ending::Why::other_diary, tr("another diary answers at {}", outbox_.server()));
    }
  } catch (const Error& error) {
    end(Ending::Why::unreachable, error.what());
  }
  push_notices(notices);
  return !over();
}

void Conversation::greeted(const Message& greeting) {
  if (!is_our_diary(greeting.identity)) return;
  greeted_ = true;
  drop_stopped();
  // While nobody has said what stands before the place of a greeting, it means nothing on the next connection.
  if (follow_ && !place_known_) {
    bookmark_.go_on_from(greeting.number, 0);
    before_diary_ = bookmark_;
  }
  follow_due_ = follows() && !only_writes(expected_.key);
  sender_.connected();
  sender_.heard_of(greeting.number);
  exchange_.hear(sender_.heard());
  Message online = greeting;
  online.second = sender_.heard();
  exchange_.push({Event::Kind::online, std::move(online)});
}

/// The answer to a question has come to its end. Where it is that with the diary, what is new is what stands behind it;
/// where it broke off, what has come since it was asked for: if that was passed over, it comes again.
void Conversation::answer_ended(Message& end) {
  const std::uint64_t offset = end.second;
  const std::uint64_t check = end.check;
  const Questions::Ended ended = questions_.ended(end);
  if (ended.kind == Questions::Kind::query) return;
  const std::uint64_t passed_over = bookmark_.end();
  place_known_ = place_known_ || ended.whole;
  if (ended.whole) {
    bookmark_.go_on_from(offset, check);
    before_diary_ = bookmark_;
    sender_.heard_of(offset);
  } else {
    bookmark_ = before_diary_;
  }
  follow_due_ = follow_due_ || bookmark_.end() < passed_over;
}

/// Nobody wants the answers that were stopped on a connection which has ended since.
void Conversation::drop_stopped() {
  while (const auto kind = questions_.drop_stopped()) {
    if (*kind == Questions::Kind::diary) bookmark_ = before_diary_;
    exchange_.push({Event::Kind::message, {Verb::end, 1, {}}});
  }
}

/// False for a `now` of a `hi` before the last one.
bool Conversation::caught_up(const Message& now) {
  const std::uint64_t end = bookmark_.end();
  if (now.number > end && !skipping_) return false;
  catching_up_ = false;
  place_known_ = true;
  if (now.number > end) go_on_from(now);
  if (now.number < end) follow_due_ = true;  // an answer has brought us further: the diary was cut since
  bookmark_.confirm(now.number, now.second);
  skipping_ = false;
  return true;
}

/// Leaves of a piece what does not lie before the place from which the diary is followed. After another `hi` pieces
/// come of the one before it, too: what lies behind that place comes again then. Where an answer has brought us to this
/// place and the owner has saved since, the server has to say where it goes on. While it is asked from that very place,
/// what begins before is of an earlier `hi`, and perhaps of another state.
bool Conversation::is_next(Message& piece) {
  if (piece.number > bookmark_.end()) return !catching_up_ && !follow_due_;
  if (catching_up_ && asked_from_ == bookmark_.offset() && piece.number < asked_from_) return false;
  if (!bookmark_.pass_over(piece.number, piece.text)) {
    follow_due_ = true;
    return false;
  }
  return !piece.text.empty();
}

/// A piece of the diary. False when all of it was handed over before.
bool Conversation::received(Message& piece) {
  if (!is_next(piece)) return false;
  place_known_ = true;
  const Bookmark::Piece taken = bookmark_.take(piece.number, piece.text);
  sender_.heard_of(bookmark_.end());
  if (taken == Bookmark::Piece::instead)
    exchange_.push({Event::Kind::message, {Verb::changed, piece.number, tr("the diary was changed by hand")}});
  return taken != Bookmark::Piece::seen;
}

void Conversation::go_on_from(const Message& place) {
  bookmark_.go_on_from(place.number, place.second);
  sender_.heard_of(place.number);
}

/// What was received is of another life of the file: the diary goes on at its end of now.
void Conversation::changed(const Message& change) {
  place_known_ = true;
  go_on_from(change);
  before_diary_ = bookmark_;
  follow_due_ = follows();
}

void Conversation::answered(Message answer, Time now) {
  const bool failed_before = sender_.failing();
  sender_.answered(answer, [&](const Outbox::Item& refused) {
    exchange_.push({Event::Kind::refused, {Verb::refused, refused.id, answer.text + "\n" + refused.encoded}});
  });
  if (!sender_.failing()) return;
  retry_at_ = now + retry_pause;
  if (!failed_before) exchange_.push({Event::Kind::message, std::move(answer)});  // told once
}

}  // namespace md2

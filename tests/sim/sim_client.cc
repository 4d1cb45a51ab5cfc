#include "tests/sim/sim_client.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "tests/sim/filler.h"

namespace md2::sim {
namespace {

constexpr std::size_t send_slice = 2000;  ///< bytes; as Link's, smaller

/// The mark of an entry that is one by this client's rules, and none by those of its server, which is of another age.
constexpr std::string_view refused_words = ", to be refused";

}  // namespace

SimClient::~SimClient() {
  process_.run_destructors([this] {
    disconnect();
    conversation_.reset();
    exchange_.reset();
    outbox_.reset();
  });
}

SimClient::Outcome SimClient::start() {
  return process_.run([this] {
    const std::string folder =
        world_.mutant == Mutant::forgotten_outbox ? fmt::format("{}{}", world_.outboxes, number()) : world_.outboxes;
    outbox_.emplace(folder, "diary:5000");
    if (outbox_->waiting() > 0) world_.story.happens(Kind::adopted, "it adopts {} entries", outbox_->waiting());
    exchange_.emplace();
    conversation_.emplace(*outbox_, *exchange_, Message{Verb::r, 0, {}});
    world_.address.asks();
    answer_.emplace();
    entry_clock_.emplace(fmt::format("{}/times", world_.outboxes), process_.clock());
  });
}

/// As Client::make_entry. The ledger learns whether the time is that of now.
std::optional<std::string> SimClient::make_entry() {
  std::string text = fmt::format("{}-{} by client {}", number(), ++written_, number());
  if (world_.random.chance(200)) text += "\nits second line";
  if (world_.random.chance(60)) text += "\n\n[2015-10-28 looks like a header] and is none";
  if (world_.random.chance(30)) text += filler(world_.random.below(1500));
  if (world_.refusals && world_.random.chance(60)) text += refused_words;
  if (world_.corrects && world_.random.chance(300)) {
    if (auto correction = make_correction()) text = *std::move(correction);
  }
  const WallTime before = process_.clock().peek();
  const Entry entry{entry_clock_->next(), text};
  const WallTime after = process_.clock().peek();
  std::string encoded = encode(entry);
  if (world_.mutant != Mutant::untold_refusal && !decode(encoded)) return std::nullopt;  // the person is told
  const bool right = entry.time.micros >= before.micros && entry.time.micros <= after.micros + 1000 &&
                     entry.time.offset_minutes == before.offset_minutes;
  if (!right) {
    world_.ledger.wrong(fmt::format("not the time of its moment, but {} s off and {} min of zone: {}",
                                    (entry.time.micros - before.micros) / 1'000'000,
                                    entry.time.offset_minutes - before.offset_minutes, brief(encoded)));
  }
  return encoded;
}

/// Of what somebody has written, whether this client has seen it or not, and whether it ever arrives. What is one
/// itself leads to the entry that it names.
std::optional<std::string> SimClient::make_correction() {
  const auto of = decode(world_.ledger.some_entry(world_.random.below(1000)));
  if (!of) return std::nullopt;
  const auto other = parse_correction(of->text);
  Correction correction{other ? other->of : EntryName{of->time, name_hash(of->text)}, {}};
  if (world_.random.chance(100)) correction.of.hash.reset();
  const bool strikes = world_.random.chance(250);
  if (!strikes) correction.text = fmt::format("{}-{} by client {}, corrected", number(), written_, number());
  world_.story.happens(strikes ? Kind::struck : Kind::corrected, "client {} corrects: {}", number(), brief(of->text));
  return correction_text(correction);
}

/// As Client::keep; the link thread may be quicker than the disk.
SimClient::Outcome SimClient::write(std::size_t entries) {
  return process_.run([&] {
    std::vector<std::string> encoded;
    encoded.reserve(entries);
    for (std::size_t i = 0; i < entries; ++i) {
      if (auto entry = make_entry()) encoded.push_back(*std::move(entry));
    }
    if (encoded.empty()) return;
    for (const std::string& entry : encoded) world_.ledger.offered(entry, met_);
    if (entries > 1) world_.story.happens(Kind::several_put, "client {} puts {} entries", number(), entries);
    try {
      outbox_->put(encoded, exchange_->heard());
    } catch (const Error& error) {
      world_.story.happens(Kind::put_failed, "client {}: {}", number(), error.what());
      for (const std::string& entry : encoded) world_.ledger.not_kept(entry);
      return;
    }
    if (connection_ && world_.random.chance(300)) {
      world_.story.happens(Kind::sent_between_put_and_sync, "client {} sends before it syncs", number());
      link_step();
    }
    bool durable = true;
    try {
      outbox_->sync();
    } catch (const NotDurable& error) {
      durable = false;
      world_.story.happens(Kind::sync_failed_client, "client {}: {}", number(), error.what());
    }
    for (const std::string& entry : encoded) {
      world_.ledger.kept(entry, durable);
      world_.story.happens(Kind::put, "client {} keeps: {}", number(), brief(entry));
    }
    next_attempt_ = 0;
  });
}

SimClient::Outcome SimClient::step(bool main_too) {
  return process_.run([&] {
    link_step();
    if (main_too) main_step();
  });
}

/// As Link::run.
void SimClient::link_step() {
  if (hopeless_) return;
  if (!connection_ && process_.clock().peek().micros - process_.clock().ahead < next_attempt_) return;
  if (!connection_) connect();
  if (connection_) talk();
}

void SimClient::connect() {
  connection_ = world_.address.connect();
  if (connection_) {
    conversation_->begin(process_.clock().steady());
    requests_ = MessageReader(Role::client);
    answers_ = MessageReader(Role::server);
    sent_.clear();
    connection_diary_ = world_.address.diary();
    return;
  }
  const auto next = reconnector_.after({Ending::Why::unreachable, "connection refused"});
  conversation_->missed();
  conversation_->offline(next.tell, "connection refused");
  next_attempt_ = process_.clock().peek().micros - process_.clock().ahead + next.pause / std::chrono::microseconds(1);
}

/// As Link::talk, once.
void SimClient::talk() {
  std::string out;
  const std::size_t unsent = connection_->to_server.in_flight();
  conversation_->produce(out, send_slice - std::min(send_slice, unsent), process_.clock().steady());
  if (process_.dead()) return;
  note_sent(out);
  connection_->to_server.send(out, now() + delay(world_.random));
  if (conversation_->wants_input()) {
    const std::string said = connection_->to_client.receive(now(), world_.random.between(1, 4000));
    if (!said.empty()) {
      note_answers(said);
      conversation_->receive(said, process_.clock().steady());
      if (std::exchange(greeted_now_, false) && !conversation_->over() && met_ < 0) {
        met_ = static_cast<int>(connection_diary_);
      }
    }
    if (connection_->to_client.ended()) conversation_->end(Ending::Why::lost, "the server closed the connection");
  }
  conversation_->tick(process_.clock().steady());
  if (!conversation_->over() || process_.dead()) return;
  const Ending ending = conversation_->ending();
  disconnect();
  const auto next = reconnector_.after(ending);
  if (next.next == Reconnector::Next::offline) conversation_->offline(next.tell, ending.text);
  hopeless_ = ending.why == Ending::Why::fault;
  if (hopeless_) world_.story.tell("client {}: no use in trying again: {}", number(), ending.text);
  next_attempt_ = process_.clock().peek().micros - process_.clock().ahead + next.pause / std::chrono::microseconds(1);
}

void SimClient::disconnect() {
  if (!connection_) return;
  connection_->to_server.close();
  connection_->to_client.close();
  connection_.reset();
}

/// What goes over the wire, entry by entry. What the server is to refuse, it gets without an entry's header.
void SimClient::note_sent(std::string& out) {
  requests_.feed(out);
  std::string changed;
  bool different = world_.mutant == Mutant::since;
  while (auto message = requests_.next()) {
    if (message->verb == Verb::write) {
      if (world_.mutant == Mutant::since && message->number == 0) message->number = greeted_at_;
      sent_.push_back(message->text);
      if (message->text.find(refused_words) != std::string::npos) {
        message->text[0] = '(';
        different = true;
      }
    }
    append_message(changed, message->verb, message->number, message->text, message->second, message->check);
  }
  if (different) out = changed;
}

void SimClient::note_answers(const std::string& said) {
  answers_.feed(said);
  while (const auto message = answers_.next()) {
    if (message->verb == Verb::greeting) {
      greeted_at_ = message->number;
      if (starts_) ++starts_anew_;
      greeted_now_ = true;
    }
    const bool answer = message->verb == Verb::saved || message->verb == Verb::refused || message->verb == Verb::failed;
    if (!answer || sent_.empty()) continue;
    const std::string entry = std::move(sent_.front());
    sent_.pop_front();
    if (message->verb == Verb::saved) world_.ledger.saved(entry);
    if (message->verb == Verb::refused) world_.ledger.refused(entry, message->text);
    if (message->verb == Verb::failed) world_.ledger.failed(entry, message->text);
  }
}

void SimClient::ask() {
  if (!connection_ || !online_ || answer_) return;
  world_.story.happens(Kind::read_asked, "client {} asks for the whole diary", number());
  corrected_ = world_.random.chance(700);
  exchange_->ask(corrected_ ? Verb::r : Verb::raw);
  world_.address.asks();
  answer_.emplace();
}

void SimClient::main_step() {
  for (const Event& event : exchange_->take_events()) {
    switch (event.kind) {
      case Event::Kind::refused:
        if (world_.mutant != Mutant::untold_refusal) world_.ledger.told(event.message.text);
        outbox_->told(event.message.number);
        break;
      case Event::Kind::online:
        online_ = true;
        break;
      case Event::Kind::offline:
      case Event::Kind::no_key:
        online_ = caught_up_ = false;
        if (starts_) break;  // it goes on
        if (answer_) world_.story.happens(Kind::read_broken, "client {} gets no whole answer, and knows it", number());
        answer_.reset();
        break;
      case Event::Kind::message:
        take(event.message);
        break;
      case Event::Kind::suspect:
        for (const std::string& notice : outbox_->mend().notices) world_.story.tell("client {}: {}", number(), notice);
        break;
      case Event::Kind::notice:
        world_.story.tell("client {}: {}", number(), event.message.text);
        break;
      case Event::Kind::late:
      case Event::Kind::drained:
        break;
    }
  }
}

void SimClient::take(const Message& message) {
  if (message.verb == Verb::diary && starts_) return;  // the answer has it, or it comes again
  if (message.verb == Verb::diary) return follow(message);
  if (message.verb == Verb::now || message.verb == Verb::changed) caught_up_ = message.verb == Verb::now;
  if (message.verb == Verb::changed) jumped_ = true;  // a line that was shown in part does not go on
  if (message.verb == Verb::announce) {
    world_.address.announced(message.text);
    exchange_->ask(Verb::told);
  }
  if (message.verb == Verb::broken && answer_) {
    world_.story.happens(Kind::read_broken, "client {} gets no whole answer, and knows it", number());
    answer_.reset();
    jumped_ = std::exchange(starts_, false);
  }
  if (!answer_) return;
  if (message.verb == Verb::found) *answer_ += message.text;
  if (message.verb != Verb::end) return;
  world_.story.happens(Kind::read_answered, "client {} has got {} bytes", number(), answer_->size());
  const bool of_one_state = !starts_ || starts_anew_ == 0 || !world_.address.others_act();
  if (std::exchange(starts_, false)) {
    shown_to_ = message.second;
    first_line_.reset();
  }
  if (of_one_state && !world_.address.was_a_state(*answer_, corrected_)) {
    world_.ledger.wrong(fmt::format("an answer of {} bytes that the diary never was", answer_->size()));
  }
  answer_.reset();
}

/// Where what is shown begins, and where it goes on at another place, it begins with a line. While nobody changes the
/// diary by hand, it is shown byte by byte, none left out and none shown again.
void SimClient::follow(const Message& piece) {
  // Where an answer was not whole, and that was told, it goes on further down.
  if (!world_.address.others_act() && !jumped_ &&
      (piece.number != shown_to_ || !world_.address.holds(piece.number, piece.text))) {
    world_.ledger.wrong(fmt::format("shown up to {}, then from {}, {} bytes: {}", shown_to_, piece.number,
                                    piece.text.size(), brief(piece.text)));
  }
  if (std::exchange(jumped_, false) || piece.number != shown_to_) {
    jumped_from_ = shown_to_;
    jumped_to_ = piece.number;
    first_line_.emplace();
  } else if (!first_line_) {
    shown_to_ += piece.text.size();
    return;
  }
  shown_to_ = piece.number + piece.text.size();
  if (first_line_->empty()) first_piece_ = piece.text.size();
  *first_line_ += piece.text;
  const std::size_t newline = first_line_->find('\n');
  if (newline == std::string::npos) return;
  const std::string line = first_line_->substr(0, newline);
  first_line_.reset();
  if (world_.address.was_a_line(line, first_piece_)) return;
  world_.ledger.wrong(
      fmt::format("what is shown to client {} goes on at byte {} behind {}, in the middle of a line: {}", number(),
                  jumped_to_, jumped_from_, brief(line)));
}

SimClient::Outcome SimClient::leave() {
  return process_.run([this] { main_step(); });
}

}  // namespace md2::sim

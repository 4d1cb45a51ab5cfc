#include "client/link/link.h"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "client/terminal/signals.h"
#include "common/net/keys.h"
#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t send_slice = std::size_t{256} << 10;  ///< bytes that may wait for the socket
constexpr auto again_pause = 50ms;                          ///< before a server that leaves is looked for again
constexpr std::chrono::milliseconds local_pause = 1s;       ///< at most: a look at a lock file costs nothing

/// Nobody waits longer for a name. A prompt does not wait for a connection either, a command has come for one.
constexpr auto name_patience = 120ms;
constexpr auto command_patience = 3s;

/// Nor does a prompt wait for a greeting.
constexpr auto greeting_patience = 1s;

/// The time that all addresses, keys and local servers have together, until somebody greets or it is told that nobody
/// does. What was begun shortly before has the margin.
constexpr auto time_for_all = 10s;
constexpr auto margin = 1s;
constexpr auto last_pause = 2s;     ///< before the limit: the pauses of the Reconnector are shorter
constexpr auto least_for_one = 2s;  ///< that an address has for its greeting

/// There is no key to offer, or its file can't be used.
class NoKey : public Error {
  using Error::Error;
};

}  // namespace

Link::Link(const ClientOptions& options, Use use, Outbox& outbox)
    : server_(options.server),
      prompt_(use.prompt),
      stays_(use.stays),
      keys_(options.server, options.keys, options.shared_keys),
      outbox_(outbox),
      connector_(exchange_, {name_patience, use.prompt ? name_patience : command_patience}),
      conversation_(outbox, exchange_, std::move(use.start)) {
  if (!options.diary.empty()) local_.emplace(options.diary, options.keys, exchange_, connector_);
  thread_ = std::thread([this] { run(); });
}

Link::~Link() {
  exchange_.stop();
  thread_.join();
}

void Link::run() {
  const SignalsBlocked blocked;  // they are the main thread's
  for (;;) {
    Ending ending = connect_and_talk();
    tell_of_outbox(Outbox::Look::at_files);
    const Reconnector::Decision decision = after(ending);
    tell(decision, ending);
    if (decision.next == Reconnector::Next::leave || (decision.next == Reconnector::Next::no_key && !stays_)) return;
    if (exchange_.stopping()) continue;
    // An entry that was just written is a reason to try at once.
    const Clock::Steady next = exchange_.now() + decision.pause;
    exchange_.wait_for(-1, 0, next);
    if (exchange_.now() < next) reconnector_.cut_short();
  }
}

/// What other ways there are is tried before anybody is told, as long as there is time.
Reconnector::Decision Link::after(Ending& ending) {
  if (ending.why == Ending::Why::stopped) return reconnector_.after(ending);
  if (ending.greeted) limit_.reset();
  const bool in_time = !limit_ || exchange_.now() < *limit_;
  if (another_way(ending) && in_time) return {Reconnector::Next::attempt, false, local_ ? again_pause : 0ms};
  if (!ending.greeted) end_pass(ending);
  const bool patient = !limit_ || exchange_.now() + last_pause < *limit_;
  Reconnector::Decision decision = reconnector_.after(ending, patient);
  if (local_) decision.pause = std::min(decision.pause, local_pause);
  if (decision.next != Reconnector::Next::attempt) limit_.reset();
  return decision;
}

/// True when there is one that was not tried in this pass.
bool Link::another_way(Ending& ending) {
  if (ending.why == Ending::Why::key_refused) {
    if (keys_.next()) return true;
    ending.text += keys_.advice();
  }
  if (local_)
    return local_->ended(ending) ||
           (ending.why == Ending::Why::older && local_->replaced(limit_.value_or(exchange_.now())));
  const bool met = ending.why != Ending::Why::unreachable && ending.why != Ending::Why::no_key;
  if (!met || ending.greeted) return false;
  if (!first_met_) first_met_ = ending;
  return connector_.another(ending.text);
}

/// All addresses have failed: what is told is why each did, the first one first, and what counts is what somebody said
/// who was there.
void Link::end_pass(Ending& ending) {
  if (first_met_) ending.why = first_met_->why;
  if (first_met_ && connector_.differ()) ending.text = connector_.account(server_);
  first_met_.reset();
  connector_.begin_pass();
}

void Link::tell(const Reconnector::Decision& decision, const Ending& ending) {
  const bool no_key = decision.next == Reconnector::Next::no_key;
  if (!no_key && decision.next != Reconnector::Next::offline) return;
  conversation_.offline(decision.tell && !no_key, ending.text);
  if (no_key && decision.tell) exchange_.push({Event::Kind::no_key, {Verb::error, 0, ending.text}});
}

Ending Link::connect_and_talk() {
  try {
    if (exchange_.stopping()) return {};
    if (!limit_) limit_ = exchange_.now() + time_for_all;
    UniqueFd socket = local_ ? local_->connect(*limit_) : connector_.connect(server_, *limit_);
    if (!socket) return {};
    Channel channel = open_channel();
    exchange_.take_way({local_ ? local_->address() : to_string(server_), tls_->key().identity});
    talk(Stream(std::move(socket), std::move(channel)));
    return conversation_.ending();
  } catch (const NoKey& error) {
    conversation_.missed();
    return {Ending::Why::no_key, error.what()};
  } catch (const std::exception& error) {  // no memory, no thread: nothing that is kept is worse off for it
    conversation_.missed();
    return {exchange_.stopping() ? Ending::Why::stopped : Ending::Why::unreachable, error.what()};
  }
}

Channel Link::open_channel() {
  try {
    tls_.emplace(keys_.current());
    return Channel(*tls_);
  } catch (const Error& error) {
    throw NoKey(error.what());
  }
}

/// Each address has its share of the time.
Conversation::Expected Link::expected() {
  const Clock::Steady now = exchange_.now();
  const auto share = (*limit_ - now) / static_cast<int>(local_ ? 1 : connector_.others() + 1);
  Conversation::Expected expected;
  if (local_) expected.diary = local_->identity();
  expected.greet = std::min(now + std::max<Clock::Steady::duration>(share, least_for_one), *limit_ + margin);
  if (prompt_) expected.late = now + greeting_patience;
  expected.key = tls_->key().identity;
  return expected;
}

/// Carries bytes and time until the conversation is over.
void Link::talk(Stream stream) {
  const auto now = [this] { return exchange_.now(); };
  conversation_.begin(now(), expected());
  std::size_t on_the_way = 0;  // bytes, when it was last looked at
  const auto left = [&] { return stream.unsent() + unacknowledged(stream.socket()); };
  for (;;) {
    if (exchange_.stopping()) conversation_.end(Ending::Why::stopped, tr("this program ends"));
    std::string out;
    conversation_.produce(out, send_slice - std::min(send_slice, stream.unsent()), now());
    if (!out.empty()) stream.write(out);
    tell_of_outbox(Outbox::Look::at_findings);
    if (!stream.flush()) {
      receive(stream);  // the server's last words may still be there: they tell more than errno
      conversation_.end(Ending::Why::lost, stream.error());
    }
    if (conversation_.over()) return;
    if (!out.empty()) on_the_way = left();
    const bool room = conversation_.wants_input();
    const short events = static_cast<short>((room ? POLLIN : 0) | (stream.unsent() > 0 ? POLLOUT : 0));
    const short ready = exchange_.wait_for(stream.socket(), events, conversation_.deadline());
    if (room && (ready & (POLLIN | POLLHUP | POLLERR)) != 0) receive(stream);
    // An entry of a MiB takes its time over a slow line: nobody can answer before it is there.
    if (const auto deadline = conversation_.deadline(); deadline && now() >= *deadline && left() > 0) {
      if (left() < on_the_way) conversation_.moved(now());
      on_the_way = left();
    }
    conversation_.tick(now());
  }
}

void Link::tell_of_outbox(Outbox::Look where) {
  if (outbox_.look(where)) exchange_.push({Event::Kind::suspect, {}});
}

void Link::keep_key() {
  try {
    keys_.opened(tls_->key());
  } catch (const Error& error) {
    exchange_.push({Event::Kind::notice, {Verb::error, 0, error.what()}});
  }
}

void Link::receive(Stream& stream) {
  std::string said;
  if (!stream.receive(said)) return;
  if (!stream.ended()) conversation_.moved(exchange_.now());
  const Channel& channel = stream.channel();
  if (channel.state() == Channel::State::open) {
    keys_.taken();
    if (!std::exchange(key_kept_, true)) keep_key();
  }
  conversation_.receive(said, exchange_.now());
  if (channel.state() == Channel::State::failed) {
    const bool refused = channel.fault_kind() == Channel::Fault::refused_key;
    conversation_.end(refused ? Ending::Why::key_refused : Ending::Why::fault, channel.fault());
    stream.flush();  // the alert
  } else if (channel.state() == Channel::State::closed || channel.state() == Channel::State::truncated) {
    conversation_.end(Ending::Why::lost,
                      stream.error().empty() ? tr("the server closed the connection") : stream.error());
  }
}

}  // namespace md2

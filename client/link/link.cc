#include "client/link/link.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "client/link/server_start.h"
#include "client/terminal/signals.h"
#include "common/net/keys.h"
#include "common/os/error.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_time = 10s;                          ///< for one attempt: a host that is silent is not there
constexpr std::size_t send_slice = std::size_t{256} << 10;  ///< bytes that may wait for the socket

/// An Error that trying again would give again.
class Hopeless : public Error {
  using Error::Error;
};

}  // namespace

Link::Link(const ClientOptions& options, bool follow, Outbox& outbox)
    : server_(options.server),
      local_(options.default_server),
      keys_(options.server, options.keys, options.shared_keys),
      outbox_(outbox),
      conversation_(outbox, exchange_, follow),
      may_start_(options.default_server),
      thread_([this] { run(); }) {}

Link::~Link() {
  exchange_.stop();
  thread_.join();
}

void Link::run() {
  const SignalsBlocked blocked;  // they are the main thread's
  for (;;) {
    Ending ending = connect_and_talk();
    tell_of_outbox(Outbox::Look::at_files);
    if (ending.why == Ending::Why::key_refused) {
      if (keys_.next()) continue;
      ending.text += keys_.advice();
    }
    if (ending.greeted) may_replace_ = true;
    if (ending.why == Ending::Why::older && replaced()) continue;
    const auto [next, tell, length] = reconnector_.after(ending);
    switch (next) {
      case Reconnector::Next::leave:
        return;
      case Reconnector::Next::hopeless:
        exchange_.push({Event::Kind::fatal, {Verb::error, 0, ending.text}});
        return;
      case Reconnector::Next::offline:
        conversation_.offline(tell, ending.text);
        break;
      case Reconnector::Next::attempt:
        break;
    }
    // An entry that was just written is a reason to try at once.
    if (!exchange_.stopping()) exchange_.wait_for(-1, 0, real_clock().steady() + length);
  }
}

/// True when the old server that was met has made way for one that is started here. Waits for that once, until one has
/// greeted: what answers may be another user's, and whoever keeps it busy may stay. When it is gone later, the next
/// attempt starts one.
bool Link::replaced() {
  if (!local_) return false;
  may_start_ = true;
  try {
    return std::exchange(may_replace_, false) && wait_for_server_to_leave(exchange_);
  } catch (const Error&) {
    return false;  // what is told is that it is too old
  }
}

Ending Link::connect_and_talk() {
  try {
    UniqueFd socket = connect();
    if (!socket) return {};
    talk(Stream(std::move(socket), open_channel()));
    const Ending& ending = conversation_.ending();
    may_start_ = started_ && ending.why != Ending::Why::bye;
    return ending;
  } catch (const Hopeless& error) {
    return {Ending::Why::hopeless, error.what()};
  } catch (const std::exception& error) {  // no memory, no thread: nothing that is kept is worse off for it
    conversation_.missed();
    return {exchange_.stopping() ? Ending::Why::stopped : Ending::Why::unreachable, error.what()};
  }
}

/// A connected socket; none when the link is to end. Throws Error with the reason.
UniqueFd Link::connect() {
  if (exchange_.stopping()) return {};
  try {
    return connect_once();
  } catch (const Error&) {
    if (!std::exchange(may_start_, false)) throw;
  }
  const UniqueFd turn = wait_for_turn_to_start();
  try {
    return connect_once();
  } catch (const Error&) {  // nobody else has started one meanwhile
  }
  start_server(keys_.file(), exchange_);
  if (exchange_.stopping()) return {};
  started_ = true;
  return connect_once();
}

UniqueFd Link::connect_once() {
  UniqueFd socket = start_connect(server_);
  const auto deadline = real_clock().steady() + connect_time;
  while (exchange_.wait_for(socket.get(), POLLOUT, deadline) == 0) {
    if (exchange_.stopping()) return {};
    if (real_clock().steady() >= deadline) {
      throw Error(fmt::format("cannot connect to {}: no answer within 10 s", to_string(server_)));
    }
  }
  errno = connect_error(socket.get());
  if (errno != 0) throw_errno(fmt::format("cannot connect to {}", to_string(server_)));
  set_connection_options(socket.get());
  expect_quick_reader(socket.get());
  return socket;
}

Channel Link::open_channel() {
  try {
    tls_.emplace(keys_.current());
    return Channel(*tls_);
  } catch (const Error& error) {
    throw Hopeless(error.what());
  }
}

/// Carries bytes and time until the conversation is over.
void Link::talk(Stream stream) {
  const auto now = [] { return real_clock().steady(); };
  conversation_.begin(now());
  for (;;) {
    if (exchange_.stopping()) conversation_.end(Ending::Why::stopped, "this program ends");
    std::string out;
    conversation_.produce(out, send_slice - std::min(send_slice, stream.unsent()));
    if (!out.empty()) stream.write(out);
    tell_of_outbox(Outbox::Look::at_findings);
    if (!stream.flush()) {
      receive(stream);  // the server's last words may still be there: they tell more than errno
      conversation_.end(Ending::Why::lost, stream.error());
    }
    if (conversation_.over()) return;
    const bool room = conversation_.wants_input();
    const short events = static_cast<short>((room ? POLLIN : 0) | (stream.unsent() > 0 ? POLLOUT : 0));
    const short ready = exchange_.wait_for(stream.socket(), events, conversation_.deadline());
    if (room && (ready & (POLLIN | POLLHUP | POLLERR)) != 0) receive(stream);
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
  const Channel& channel = stream.channel();
  if (channel.state() == Channel::State::open && !std::exchange(key_kept_, true)) keep_key();
  conversation_.receive(said, real_clock().steady());
  if (channel.state() == Channel::State::failed) {
    const bool refused = channel.fault_kind() == Channel::Fault::refused_key;
    conversation_.end(refused ? Ending::Why::key_refused : Ending::Why::hopeless, channel.fault());
    stream.flush();  // the alert
  } else if (channel.state() == Channel::State::closed || channel.state() == Channel::State::truncated) {
    conversation_.end(Ending::Why::lost, stream.error().empty() ? "the server closed the connection" : stream.error());
  }
}

}  // namespace md2

#include "client/link/link.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "client/link/waiting.h"
#include "client/terminal/signals.h"
#include "common/net/keys.h"
#include "common/os/error.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_time = 10s;                        ///< for one attempt: a host that is silent is not there
constexpr std::chrono::milliseconds first_pause = 100ms;  ///< between two attempts; then twice as long each time
constexpr std::chrono::milliseconds longest_pause = 30s;
constexpr int unspoken_failures = 5;  ///< attempts in a row that the server ended before it greeted

/// An Error that trying again would give again.
class Hopeless : public Error {
  using Error::Error;
};

}  // namespace

Link::Link(Settings settings, Outbox& outbox)
    : settings_(std::move(settings)),
      conversation_(outbox, inbox_, requests_, settings_.follow),
      server_start_({"--keys=" + settings_.keys}),
      may_start_(settings_.start_server),
      thread_([this] { run(); }) {}

Link::~Link() {
  requests_.stop();
  thread_.join();
}

void Link::run() {
  const SignalsBlocked blocked;  // they are the main thread's
  while (!requests_.stopping()) {
    std::string why;
    try {
      if (UniqueFd socket = connect()) {
        const Conversation::End end = conversation_.talk(std::move(socket), open_channel());
        // A device may hold keys for several servers: the file does not say which one is for whom.
        if (end.key_refused && ++key_ < keys_) continue;
        if (end.hopeless) {
          inbox_.push({Event::Kind::fatal, {Verb::error, 0, end.why}});
          return;
        }
        if (end.greeted) {
          failures_ = 0;
          offline_said_ = false;
        }
        may_start_ = started_ && !end.said_bye;
        why = end.why;
        // A server that many try to reach at once closes some connections before it has greeted: no news for anybody
        // yet.
        if (!end.greeted && !end.silent && failures_ < unspoken_failures) {
          pause();
          continue;
        }
      }
    } catch (const Hopeless& error) {
      inbox_.push({Event::Kind::fatal, {Verb::error, 0, error.what()}});
      return;
    } catch (const Error& error) {
      why = error.what();
    }
    if (requests_.stopping()) return;
    go_offline(why);
    pause();
  }
}

/// A connected socket; none when the link is to end. Throws Error with the reason.
UniqueFd Link::connect() {
  try {
    return connect_once();
  } catch (const Error&) {
    if (!std::exchange(may_start_, false)) throw;
  }
  UniqueFd socket;
  const auto reachable = [&] {
    try {
      socket = connect_once();
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  server_start_.start_unless(reachable, requests_);
  if (socket || requests_.stopping()) return socket;
  started_ = true;
  return connect_once();
}

UniqueFd Link::connect_once() {
  UniqueFd socket = start_connect(settings_.server);
  const auto deadline = std::chrono::steady_clock::now() + connect_time;
  while (wait_for(socket.get(), POLLOUT, requests_, deadline).events == 0) {
    if (requests_.stopping()) return {};
    if (std::chrono::steady_clock::now() >= deadline) {
      throw Error(fmt::format("cannot connect to {}: no answer within 10 s", to_string(settings_.server)));
    }
  }
  errno = connect_error(socket.get());
  if (errno != 0) throw_errno(fmt::format("cannot connect to {}", to_string(settings_.server)));
  set_connection_options(socket.get());
  expect_quick_reader(socket.get());
  return socket;
}

/// The key is read for each connection, because the server that was just started may have made it.
Channel Link::open_channel() {
  try {
    const auto keys = read_keys(settings_.keys);
    if (!keys || keys->empty()) {
      throw Error(
          fmt::format("no key for the server at {}: copy the line of this device from the server's key file, or the "
                      "one that 'md2server --new-key=NAME' prints there, into {} (chmod 600)",
                      to_string(settings_.server), settings_.keys));
    }
    keys_ = keys->size();
    if (key_ >= keys_) key_ = 0;
    tls_.emplace((*keys)[key_]);
    return Channel(*tls_);
  } catch (const Error& error) {
    throw Hopeless(error.what());
  }
}

void Link::go_offline(const std::string& why) {
  requests_.take();  // whoever asked is told by the event
  if (!std::exchange(offline_said_, true)) inbox_.push({Event::Kind::offline, {Verb::error, 0, why}});
}

/// Waits before the next attempt; an entry that was just written is a reason to try at once.
void Link::pause() {
  const auto length = std::min(longest_pause, first_pause * (1 << std::min(failures_++, 10)));
  const auto deadline = std::chrono::steady_clock::now() + length;
  while (!requests_.stopping() && std::chrono::steady_clock::now() < deadline) {
    if (wait_for(-1, 0, requests_, deadline).woken) return;
  }
}

}  // namespace md2

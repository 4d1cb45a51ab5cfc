#include "client/link/client.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "client/terminal/signals.h"
#include "common/diary/entry.h"
#include "common/os/error.h"
#include "common/text/text.h"

namespace md2 {
namespace {

Link::Settings settings_of(const ClientOptions& options, bool follow) {
  return {options.server, options.keys, follow, options.default_server};
}

}  // namespace

Client::Client(const ClientOptions& options, bool follow)
    : outbox_folder_(options.outbox),
      outbox_(options.outbox, to_string(options.server)),
      link_(settings_of(options, follow), outbox_) {
  for (const std::string& notice : outbox_.notices()) fmt::print(stderr, "{}\n", sanitised(notice));
}

std::string Client::make_entry(std::string text) {
  if (const std::string fault = entry_fault(text); !fault.empty()) throw Error("not kept: " + fault);
  return encode({clock_.next(), std::move(text)});
}

void Client::keep(const std::vector<std::string>& encoded) {
  requests().outbox_fills();
  outbox_.put(encoded);
  requests().outbox_filled();
  outbox_.sync();
}

void Client::keep_and_tell(const std::vector<std::string>& encoded) {
  try {
    keep(encoded);
  } catch (const NotDurable& error) {
    fmt::print(stderr, "md2client: {}\n", sanitised(error.what()));
  }
}

Event Client::next() {
  for (;;) {
    if (auto event = poll()) return *std::move(event);
    wait();
  }
}

void Client::wait() {
  pollfd watched{inbox().fd(), POLLIN, 0};
  if (::poll(&watched, 1, -1) < 0 && errno != EINTR) throw_errno("cannot wait for the server");
}

std::optional<Event> Client::poll() {
  if (events_.empty()) events_ = inbox().take();
  if (events_.empty()) return std::nullopt;
  Event event = std::move(events_.front());
  events_.pop_front();
  note(event);
  return event;
}

void Client::note(const Event& event) {
  switch (event.kind) {
    case Event::Kind::online:
      online_ = true;
      failing_ = false;
      diary_end_ = event.message.number;
      fault_.clear();
      break;
    case Event::Kind::offline:
      online_ = false;
      fault_ = event.message.text;
      break;
    case Event::Kind::drained:
      failing_ = false;
      break;
    case Event::Kind::refused:
      ++refused_;
      break;
    case Event::Kind::fatal:
      fault_ = event.message.text;
      throw Error(outbox_.waiting() == 0 ? fault_ : unsaved());
    case Event::Kind::message:
      if (event.message.verb != Verb::failed) break;
      failing_ = true;
      fault_ = event.message.text;
      break;
  }
}

bool Client::settle() {
  while (outbox_.waiting() > 0) {
    const auto event = poll();
    if (event && event->kind == Event::Kind::refused)
      fmt::print(stderr, "md2client: {}\n", sanitised(event->message.text));
    if (event) continue;  // what is known counts only when all that came is known
    if (!hopeful()) return false;
    wait();
  }
  return true;
}

bool Client::reach() {
  while (!knows()) next();
  return online_;
}

std::string Client::unsaved() const {
  const std::size_t waiting = outbox_.waiting();
  if (waiting == 0) return {};
  return fmt::format("{} {} kept in {} and will go out when md2client runs and reaches the server{}{}", waiting,
                     waiting == 1 ? "entry is" : "entries are", outbox_folder_, fault_.empty() ? "" : ": ", fault_);
}

}  // namespace md2

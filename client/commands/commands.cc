#include "client/commands/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

#include "client/terminal/signals.h"
#include "common/diary/entry.h"
#include "common/diary/query.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// True when a signal says to leave: what was entered is kept, and that is to be said.
bool has_to_leave(Signals& signals) {
  const SeenSignals seen = signals.take();
  if (seen.stop && seen.end == 0) signals.stop_process();
  return seen.end != 0 || seen.interrupt;
}

}  // namespace

bool read_piece(int fd, const std::string& name, std::string& to) {
  std::array<char, 65536> buffer;
  ssize_t count = 0;
  do {
    count = ::read(fd, buffer.data(), buffer.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw_errno(tr("cannot read {}", name));
  to.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

void ask(Client& client, Ink ink, const std::string& query, const std::function<bool(const Message& message)>& take,
         const std::function<int()>& reader) {
  client.ask(ink == Ink::all ? Verb::raw : Verb::r, wire_query(query, local_date(now())));
  for (bool answering = true; answering;) {
    const std::optional<Event> event = client.poll();
    if (!client.online()) throw Error(tr("the diary can't be read: {}", client.fault()));
    if (!event && !client.wait(reader())) break;
    if (!event || event->kind != Event::Kind::message) continue;
    const Verb verb = event->message.verb;
    if (verb == Verb::broken) throw Error(tr("this is not the whole answer: {}", event->message.text));
    if (verb == Verb::found || verb == Verb::end) answering = take(event->message) && verb == Verb::found;
  }
}

void tell_that_input_is_awaited(const std::string& what) {
  if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) return;
  put_err("md2client: " + tr("{}; Ctrl-D on an empty line ends it", what) + '\n');
}

int run_write(const ClientOptions& options) {
  const auto at = options.at ? std::optional(Client::parse_time(*options.at)) : std::nullopt;
  std::string text = options.text;
  if (!options.has_text) tell_that_input_is_awaited(tr("what is typed here is one entry"));
  while (!options.has_text && text.size() <= 2 * max_text && read_piece(STDIN_FILENO, tr("standard input"), text)) {
  }
  Signals signals;
  Client client(options, false);
  return client.account([&] {
    client.keep({client.make_entry(std::string(trimmed(unix_text(text))), at)});
    while (!client.wait_until_saved(signals.fd()) && client.may_be_saved_soon() && !has_to_leave(signals)) {
    }
  });
}

int run_announce(const ClientOptions& options) {
  const std::string plain = unix_text(options.text);
  const std::string text(trimmed(plain));
  std::string fault = text_error(text);
  if (text.empty()) fault = tr("it is empty");
  if (text.size() > max_announcement) fault = tr("it is longer than 64 KiB");
  if (!fault.empty()) throw Error(tr("not announced: {}", fault));
  Client client(options, false);
  return client.account_of_reader([&] {
    if (!client.wait_for_greeting()) throw Error(tr("not announced: {}", client.fault()));
    if (const std::string denied = client.rights_fault(); !denied.empty()) throw Error(tr("not announced: {}", denied));
    client.exchange().ask(Verb::announce, 0, text);
    while (client.next_message().verb != Verb::announced) {
    }
  });
}

}  // namespace md2

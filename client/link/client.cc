#include "client/link/client.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "client/terminal/signals.h"
#include "common/diary/entry.h"
#include "common/diary/query.h"
#include "common/diary/when.h"
#include "common/net/keys.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"
#include "common/text/text.h"

namespace md2 {

void to_stderr(const std::string& sentence) {
  put_err(fmt::format("md2client: {}\n", sanitised(sentence)));
}

namespace {

Link::Use use_of(const ClientOptions& options, bool prompt) {
  if (!prompt) return {};
  return {true, true, Message{Verb::r, 0, wire_query(options.start, local_date(now()))}};
}

}  // namespace

Client::Client(const ClientOptions& options, bool follow, Tell tell, std::optional<OutboxFile> claimed)
    : Client(options, use_of(options, follow), std::move(tell), std::move(claimed)) {}

Client::Client(const ClientOptions& options, Follower follower, Tell tell)
    : Client(options, Link::Use{false, true, std::move(follower.start)}, std::move(tell), std::nullopt) {}

Client::Client(const ClientOptions& options, Link::Use use, Tell tell, std::optional<OutboxFile> claimed)
    : outbox_folder_(options.outbox),
      stays_(use.prompt),
      tell_(std::move(tell)),
      clock_(options.times),
      outbox_(options.outbox, options.diary.empty() ? to_string(options.server) : options.diary, std::move(claimed)),
      link_(options, std::move(use), outbox_) {
  if (!options.name.empty()) outbox_.set_called(options.name);
  held_ = outbox_.notices();
  if (stays_) tell_held();
}

void Client::tell_held() {
  for (const std::string& notice : std::exchange(held_, {})) to_stderr(notice);
}

std::string Client::make_entry(std::string text, std::optional<Timestamp> at) {
  if (const std::string fault = entry_error(text); !fault.empty()) throw Error(tr("not kept: {}", fault));
  return encoded(at ? clock_.next_from(*at) : clock_.next(), as_stored(std::move(text)));
}

std::string Client::make_correction(const Correction& correction, std::optional<Timestamp> newest) {
  if (const std::string fault = correction.strikes() ? "" : entry_error(correction.text); !fault.empty())
    throw Error(tr("not kept: {}", fault));
  Timestamp time = clock_.next();
  if (newest && time.micros <= newest->micros) {
    time.micros = newest->micros + 1;
    time = clock_.next_from(time);
  }
  return encoded(time, correction_text(correction));
}

/// The entry in diary format, as it is read again: what can't be read is no entry.
std::string Client::encoded(Timestamp time, std::string stored) {
  if (const std::string fault = time_error(time); !fault.empty()) throw Error(tr("not kept: {}", fault));
  std::string encoded = encode({time, std::move(stored)});
  if (std::string why; !decode(encoded, &why)) throw Error(tr("not kept: {}", why));
  return encoded;
}

std::string Client::make_dated_entry(std::string_view line) {
  const DatedLine dated = split_when(line);
  if (dated.when.empty()) throw Error(tr("not kept: a time and a text are missing, as in /at 昨天 21:26 TEXT"));
  const Timestamp time = parse_time(dated.when);
  if (dated.text.empty()) throw Error(tr("not kept: no text stands behind '{}'", sanitised(dated.when)));
  return make_entry(std::string(dated.text), time);
}

Timestamp Client::parse_time(std::string_view when) {
  try {
    return parse_when(when, real_clock());
  } catch (const WhenError& error) {
    throw Error(tr("not kept: {}", error.what()));
  }
}

void Client::keep(const std::vector<std::string>& encoded, std::optional<std::uint64_t> heard) {
  exchange().wake_link();
  try {
    outbox_.put(encoded, heard.value_or(exchange().heard()));
  } catch (const Error&) {
    failed_ = true;
    throw;
  }
  kept_ = true;
  exchange().wake_link();
  try {
    outbox_.sync();
  } catch (const NotDurable& error) {
    tell_(error.what());
  }
  if (outbox_.look()) mend_outbox();  // put() has found that the file it was to go to is another one
}

void Client::refuse(const std::string& why) {
  ++refused_;
  tell_(why);
}

void Client::fail(const std::exception& why) {
  failed_ = true;
  const auto* const output = dynamic_cast<const OutputError*>(&why);
  if (output != nullptr && output->reader_left()) return;
  told_ = why.what();
  tell_(told_);
}

Event Client::next() {
  for (;;) {
    if (auto event = poll()) return *std::move(event);
    wait();
  }
}

bool Client::wait(int other, short events) {
  std::array<pollfd, 2> watched{pollfd{exchange().fd(), POLLIN, 0}, pollfd{other, events, 0}};
  if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) throw_errno(tr("cannot wait for the server"));
  return watched[1].revents == 0;
}

std::optional<Event> Client::poll() {
  if (events_.empty()) events_ = exchange().take_events();
  if (events_.empty()) return std::nullopt;
  Event event = std::move(events_.front());
  events_.pop_front();
  update(event);
  return event;
}

Message Client::next_message() {
  for (;;) {
    auto event = poll();
    if (event && event->kind == Event::Kind::message) return std::move(event->message);
    if (!online()) throw Error(fault_);  // nobody will answer, the link forgets what was asked
    if (!event) wait();
  }
}

void Client::update(const Event& event) {
  switch (event.kind) {
    case Event::Kind::online:
      tell_held();
      greeting_ = event.message;
      [[fallthrough]];
    case Event::Kind::drained:
      server_ = Server::saving;
      fault_.clear();
      break;
    case Event::Kind::offline:
    case Event::Kind::no_key:
      server_ = Server::offline;
      fault_ = event.message.text;
      break;
    case Event::Kind::late:
      late_ = true;
      if (server_ == Server::unknown) fault_ = event.message.text;
      break;
    case Event::Kind::suspect:
      mend_outbox();
      break;
    case Event::Kind::refused:
      refuse(tr("the server refused an entry: {}", trimmed(event.message.text)));
      outbox_.told(event.message.number);
      exchange().wake_link();
      break;
    case Event::Kind::notice:
      if (!stays_ && server_ == Server::unknown) {
        held_.push_back(event.message.text);
      } else {
        tell_(event.message.text);
      }
      break;
    case Event::Kind::message:
      if (event.message.verb != Verb::failed) break;
      server_ = Server::failing;
      fault_ = event.message.text;
      break;
  }
}

void Client::mend_outbox() {
  const Outbox::Mended mended = outbox_.mend();
  for (const std::string& notice : mended.notices) tell_(notice);
  lost_ += mended.lost;
  exchange().wake_link();
}

std::string Client::rights_fault() {
  const std::string key = exchange().way().key;
  return only_writes(key) ? tr("the key '{}' only writes", key) : "";
}

void Client::ask(Verb verb, std::string text) {
  if (const std::string fault = rights_fault(); !fault.empty()) throw Error(fault);
  exchange().ask(verb, 0, std::move(text));
}

bool Client::wait_for_greeting() {
  while (!tried_to_connect()) next();
  return online();
}

bool Client::wait_until_saved(int other) {
  while (outbox_.waiting() > 0) {
    if (poll()) continue;  // what is known counts only when all that came is known
    if (!may_be_saved_soon() || !wait(other, POLLIN)) return false;
  }
  return true;
}

/// Nobody will look at what has come and was not looked at yet.
void Client::tell_refused() {
  for (Event& event : exchange().take_events()) events_.push_back(std::move(event));
  std::erase_if(events_, [this](const Event& event) {
    const bool to_tell = event.kind == Event::Kind::refused || event.kind == Event::Kind::notice;
    if (to_tell) update(event);
    return to_tell;
  });
}

void Client::attempt(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    fail(error);
  }
}

int Client::account(const std::function<void()>& work) {
  attempt(work);
  return exit_status();
}

int Client::account_of_reader(const std::function<void()>& work) {
  attempt(work);
  return exit_status_of_reader();
}

int Client::exit_status() {
  exchange().stop();  // nothing that is done for the account is a reason to try again
  mend_outbox();      // what is said to be kept is kept
  const int status = exit_status_of_reader();
  const std::string kept = unsaved();
  if (kept.empty() || (failed_ && !kept_)) return status;
  tell_(kept);
  return exit_kept;
}

int Client::exit_status_of_reader() {
  tell_refused();
  tell_held();
  return refused_ == 0 && lost_ == 0 && !failed_ ? 0 : 1;
}

std::string Client::unsaved() const {
  const std::size_t waiting = outbox_.waiting();
  if (waiting == 0) return {};
  const bool why = !fault_.empty() && told_.find(fault_) == std::string::npos;
  return (why ? tr("not saved yet: {}; ", trimmed(fault_)) : "") +
         trn(waiting, "{} entry is kept in {} and will go out when md2client runs and reaches the server",
             "{} entries are kept in {} and will go out when md2client runs and reaches the server", waiting,
             outbox_folder_);
}

std::string Client::what_becomes_of_entries() const {
  if (access(outbox_folder_.c_str(), W_OK | X_OK) == 0)
    return tr("what you write is kept in {} and goes out when it can be saved", outbox_folder_);
  return tr("what you write can't be kept in {}: {}", outbox_folder_, errno_text(errno));
}

}  // namespace md2

#include "client/commands/follow.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "client/page/json.h"
#include "client/terminal/terminal.h"
#include "common/diary/matches.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"

namespace md2 {
namespace {

/// For a reader to take the rest of a large entry when a signal has come.
constexpr auto longest_rest = std::chrono::seconds(2);

Client::Follower follower_of(const ClientOptions& options, bool file) {
  if (file) return {};
  return {Message{options.all ? Verb::raw : Verb::r, 0, wire_query(options.text, local_date(now()))}};
}

}  // namespace

Follow::Follow(const ClientOptions& options, AnswerForm form)
    : form_(form),
      query_(Query::parse(options.text, local_date(now()))),
      client_(options, follower_of(options, is_file())),
      page_({columns_of(STDOUT_FILENO), takes_colour(STDOUT_FILENO)}, query_),
      out_([this](bool begun) { return wait_to_write(begun); }),
      answer_(form == AnswerForm::diary || options.all ? Ink::all : Ink::newest) {
  if (is_file()) client_.exchange().ask(Verb::hi);
}

int Follow::run() {
  return client_.account_of_reader([this] {
    try {
      talk();
    } catch (const OutputError& error) {
      if (!error.reader_left()) throw;
    }
  });
}

void Follow::talk() {
  while (following()) {
    while (following()) {
      const auto event = client_.poll();
      if (!event) break;
      take(*event);
    }
    out_.flush();
    if (following()) wait();
  }
}

void Follow::take(const Event& event) {
  switch (event.kind) {
    case Event::Kind::online:
      if (const std::string fault = client_.rights_fault(); !fault.empty()) throw Error(fault);
      if (std::exchange(offline_told_, false)) to_stderr(tr("the server is there again"));
      was_online_ = true;
      break;
    case Event::Kind::no_key:
      if (!was_online_) throw Error(event.message.text);
      [[fallthrough]];
    case Event::Kind::offline:
      to_stderr(tr("{}; following goes on when the server is there", event.message.text));
      offline_told_ = true;
      break;
    case Event::Kind::message:
      take(event.message);
      break;
    default:
      break;
  }
}

void Follow::take(const Message& message) {
  switch (message.verb) {
    case Verb::found:
    case Verb::end:
      take_answer(message);
      break;
    case Verb::broken:
      throw Error(tr("this is not the whole answer: {}", message.text));
    case Verb::diary:
      if (!is_file() && !answered_) break;  // the answer has it, or it comes again behind it
      if (message.number != live_.offset() + live_.pending()) live_ = EntryReader(message.number);
      live_.feed(message.text);
      put_new_ones();
      break;
    case Verb::now:
      live_.finish();
      put_new_ones();
      live_ = EntryReader(live_.offset());
      break;
    case Verb::changed:
      changed(message);
      break;
    case Verb::announce:
      to_stderr("*** " + message.text);
      break;
    default:
      break;
  }
}

void Follow::take_answer(const Message& message) {
  if (answered_) return;
  answer_.feed(message.text);
  if (message.verb == Verb::end) answer_.finish();
  while (following()) {
    const auto read = answer_.next();
    if (!read) break;
    put(*read);
  }
  if (message.verb != Verb::end) return;
  answered_ = true;
  live_ = EntryReader(message.second);
}

/// What is new since the owner's save can't be told from what was there before it.
void Follow::changed(const Message& change) {
  live_ = EntryReader(change.number);
  to_stderr(
      tr("{}: what he changed, and what came while he did, is not shown; what comes from now on is. A new start "
         "shows all",
         change.text));
  if (std::exchange(unended_, false)) out_.put("\n\n");
}

void Follow::put_new_ones() {
  while (following()) {
    auto item = live_.next();
    if (!item) break;
    const bool has_header = item->time.has_value();
    if (is_file()) {
      put_file(item->raw, has_header);
    } else if (matches(query_, item->raw, has_header, scratch_)) {
      put(read_item(*std::move(item)));
    }
  }
}

void Follow::put_file(std::string_view raw, bool has_header) {
  out_.put(raw);
  unended_ = missing_newlines(raw, has_header) > 0;
}

void Follow::put(const ReadItem& read) {
  std::string text;
  if (form_ == AnswerForm::json) {
    append_json(text, read);
  } else if (form_ == AnswerForm::page) {
    page_.add(text, read);
  } else {
    text = read.item.raw;
    text.append(missing_newlines(text, read.item.time.has_value()), '\n');
  }
  out_.put(text);
}

/// For the server, a signal, or the end of who reads.
void Follow::wait() {
  std::array<pollfd, 3> watched{pollfd{signals_.fd(), POLLIN, 0}, pollfd{client_.exchange().fd(), POLLIN, 0},
                                pollfd{STDOUT_FILENO, 0, 0}};
  if (poll(watched.data(), watched.size(), -1) < 0) {
    if (errno != EINTR) throw_errno(tr("cannot wait for the server"));
    return;
  }
  if (watched[0].revents != 0) obey(signals_.take());
  if (watched[2].revents != 0 && following()) state_ = State::left;
}

bool Follow::wait_to_write(bool begun) {
  for (;;) {
    std::array<pollfd, 2> watched{pollfd{signals_.fd(), POLLIN, 0}, pollfd{STDOUT_FILENO, POLLOUT, 0}};
    int patience = -1;
    if (leave_at_) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*leave_at_ - real_clock().steady()).count();
      if (left <= 0 || !begun) return false;
      patience = static_cast<int>(left);
    }
    const int count = poll(watched.data(), watched.size(), patience);
    if (count < 0 && errno != EINTR) throw_errno(tr("cannot wait for standard output"));
    if (count > 0 && watched[0].revents != 0) obey(signals_.take());
    if (count > 0 && watched[1].revents != 0) return true;
  }
}

void Follow::obey(const SeenSignals& seen) {
  if (seen.end != 0 || seen.interrupt) {
    leave_at_ = real_clock().steady() + (following() ? longest_rest : std::chrono::seconds(0));
    state_ = State::ended;
    if (seen.end != SIGTERM) signal_ = seen.end;
    return;
  }
  if (seen.resized) page_.set_columns(columns_of(STDOUT_FILENO));
  if (seen.stop) signals_.stop_process();
}

int run_follow(const ClientOptions& options) {
  const AnswerForm plain = isatty(STDOUT_FILENO) == 1 ? AnswerForm::page : AnswerForm::diary;
  int status = 0;
  int signal = 0;
  {
    Follow follow(options, options.json ? AnswerForm::json : plain);
    status = follow.run();
    signal = follow.signal();
  }
  if (signal != 0) raise(signal);
  return status;
}

}  // namespace md2

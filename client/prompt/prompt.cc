#include "client/prompt/prompt.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <utility>

#include "client/terminal/terminal.h"
#include "common/diary/help.h"
#include "common/os/error.h"
#include "common/os/paths.h"
#include "common/os/version.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr const char* prompt_text = "当下>>> ";

/// The quiet sign that entries wait for the server.
constexpr const char* waiting_prompt_text = "当下({})>>> ";

/// Bytes that are printed before the keyboard is looked at again: a slow terminal takes them in a moment.
constexpr std::size_t slice = std::size_t{32} << 10;

}  // namespace

Prompt::Prompt(const ClientOptions& options)
    : client_(options, true),
      view_({columns_of(STDOUT_FILENO), takes_colour(STDOUT_FILENO)}),
      editor_(prompt_text, state_folder() + "/history", signals_,
              {[this](const std::string& text) { take_line(text); }, [this] { quit(); },
               [this](std::string_view prefix) { return view_.tags().with_prefix(prefix); }}) {
  fmt::print("md2client {}\n", version());
  std::fflush(stdout);
  view_.asked_for_diary();
}

int Prompt::run() {
  editor_.open();
  while (end_signal_ == 0) {
    tell_history_fault();
    if (quitting_ && (impatient_ || !client_.hopeful() || client_.outbox().waiting() == 0)) break;
    std::array<pollfd, 3> watched{pollfd{signals_.fd(), POLLIN, 0}, pollfd{client_.inbox().fd(), POLLIN, 0},
                                  pollfd{quitting_ ? -1 : editor_.fd(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), more_ ? 0 : -1) < 0 && errno != EINTR)
      throw_errno("cannot wait for input");
    if (watched[0].revents != 0) handle_signals();
    if (watched[2].revents != 0 && end_signal_ == 0) editor_.read();
    print_slice();
    show_waiting();
  }
  return leave();
}

void Prompt::handle_signals() {
  const SeenSignals seen = signals_.take();
  end_signal_ = seen.end;
  if (end_signal_ != 0) return;
  if (seen.resized) {
    view_.set_columns(columns_of(STDOUT_FILENO));
    editor_.resized();
  }
  if (seen.interrupt) interrupt();
  if (seen.resumed) editor_.resumed();
  if (seen.stop) editor_.suspend();
}

/// Ctrl-C stops what is being printed; without that, it drops the line.
void Prompt::interrupt() {
  if (quitting_) {
    impatient_ = true;
  } else if (client_.online() && (view_.answering() || more_)) {
    client_.requests().ask(Verb::stop);
    view_.skip();
    say("stopped");
  } else {
    editor_.interrupt();
  }
}

void Prompt::take_line(const std::string& text) {
  const Line line = parse_line(text);
  switch (line.kind) {
    case Line::Kind::nothing:
      break;
    case Line::Kind::entry:
      write(line.text);
      show_waiting();
      break;
    case Line::Kind::help:
      editor_.print_above(help_text());
      break;
    case Line::Kind::quit:
      quit();
      break;
    case Line::Kind::diary:
    case Line::Kind::query:
      ask(line);
      break;
  }
}

/// How many entries wait shows in the prompt as long as the server does not take them.
void Prompt::show_waiting() {
  const std::size_t waiting = client_.hopeful() ? 0 : client_.outbox().waiting();
  editor_.set_prompt(waiting == 0 ? prompt_text : fmt::format(fmt::runtime(waiting_prompt_text), waiting));
}

/// No line is read any more; run() ends when what was written is saved.
void Prompt::quit() {
  quitting_ = true;
  editor_.close();
}

void Prompt::write(const std::string& text) {
  try {
    const std::string entry = client_.make_entry(text);
    view_.wrote(entry);
    client_.keep({entry});
  } catch (const NotDurable& error) {
    say(error.what());
  } catch (const Error& error) {
    say(fmt::format("{}; the text is in the line history: Up brings it back", error.what()));
  }
}

void Prompt::ask(const Line& line) {
  if (client_.knows() && !client_.online()) {
    say("the diary can't be read now: " + client_.fault());
  } else if (line.kind == Line::Kind::query) {
    question(line.text);
  } else {
    editor_.print_above(diary_heading());
    view_.asked_for_diary();
    client_.requests().ask(Verb::hi, 0);
  }
}

void Prompt::question(const std::string& text) {
  const Date today = local_date(now());
  try {
    view_.asked(Query::parse(text, today));
    client_.requests().ask(Verb::r, 0, wire_query(text, today));
  } catch (const QueryError& error) {
    say(error.what());
  }
}

/// Shows what has come, one slice of it.
void Prompt::print_slice() {
  std::string out;
  do {
    more_ = view_.render(out, slice);
    if (more_) break;
    auto event = client_.poll();
    if (!event) break;
    more_ = true;  // there may be another one
    if (!out.empty()) editor_.print_above(std::exchange(out, {}));
    take(*std::move(event));
  } while (out.size() < slice);
  if (!out.empty()) editor_.print_above(out);
}

void Prompt::take(Event event) {
  switch (event.kind) {
    case Event::Kind::online:
      if (!std::exchange(was_online_, true)) editor_.print_above(diary_heading());
      if (std::exchange(gone_, false)) say("the server is back");
      break;
    case Event::Kind::offline:
      gone_ = true;
      view_.forget_questions();
      say(fmt::format("{}: {}; what you write is kept in {} and goes out when it is back",
                      was_online_ ? "the server is gone" : "the server is not there", event.message.text,
                      client_.outbox_folder()));
      break;
    case Event::Kind::drained:
    case Event::Kind::fatal:
      break;
    case Event::Kind::refused:
      say("the server refused an entry: " + event.message.text);
      break;
    case Event::Kind::message:
      if (event.message.verb == Verb::failed) {
        say(fmt::format("the server can't save now: {}; what you write is kept in {} and sent again",
                        event.message.text, client_.outbox_folder()));
      } else {
        view_.take(event.message);
      }
      break;
  }
}

void Prompt::say(const std::string& sentence) {
  editor_.print_above(sanitised(sentence) + "\n");
}

/// It is a pity, and nothing of the diary.
void Prompt::tell_history_fault() {
  const std::string fault = editor_.take_history_fault();
  if (fault.empty()) return;
  say(fault + "; what you type will not come back with Up the next time, the diary keeps it all the same");
}

int Prompt::leave() {
  editor_.close();
  const std::string unsaved = client_.unsaved();
  if (!unsaved.empty()) fmt::print(stderr, "md2client: {}\n", sanitised(unsaved));
  if (end_signal_ != 0) {
    // Whoever waits for this program learns what ended it (signal(7)).
    std::fflush(nullptr);
    signal(end_signal_, SIG_DFL);
    raise(end_signal_);
  }
  return unsaved.empty() ? 0 : exit_kept;
}

}  // namespace md2

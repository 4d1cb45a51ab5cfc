#include "client/prompt/prompt.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <utility>

#include "client/commands/status.h"
#include "client/page/help_page.h"
#include "client/page/text_rows.h"
#include "client/prompt/line_history.h"
#include "client/prompt/on_this_day.h"
#include "client/terminal/terminal.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/version.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr const char* prompt_text = "当下>>> ";

/// The quiet sign that entries wait for the server.
constexpr const char* waiting_prompt_text = "当下({})>>> ";

/// For an outcome of the first attempt to connect.
constexpr auto longest_wait_to_stand = std::chrono::seconds(3);

/// Bytes that are printed before the keyboard is looked at again: a slow terminal takes them in a moment.
constexpr std::size_t slice = std::size_t{32} << 10;

/// A window that is dragged has many sizes, one after the other. What is drawn for one of them reaches a terminal that
/// has reflowed the line for the next meanwhile, and is then in the wrong rows: so the last one is waited for. tmux
/// tells a size up to a quarter of a second after it has reflowed.
constexpr auto longest_between_sizes = std::chrono::milliseconds(300);

}  // namespace

Prompt::Prompt(const ClientOptions& options)
    : options_(options),
      view_({columns_of(STDOUT_FILENO), takes_colour(STDOUT_FILENO)}),
      editor_(prompt_text, line_history_of(options.name), signals_,
              {[this](const std::string& text) { take_line(text); }, [this] { quit(); },
               [this](std::string_view before, std::string_view word, bool ignore_case) {
                 return completions(before, word, view_.tags(), view_.days(), ignore_case);
               }}),
      client_(options, true,
              [this](const std::string& sentence) { leaving_ == Leaving::no ? say(sentence) : to_stderr(sentence); }) {
  editor_.print_above(fmt::format("md2client {}\n", version()));
  view_.asked_for_diary();
}

int run_prompt(const ClientOptions& options) {
  int status = 0;
  int signal = 0;
  {
    Prompt prompt(options);
    status = prompt.run();
    signal = prompt.end_signal();
  }
  // Whoever waits for this program learns what ended it (signal(7)); what its outbox still had to do is done.
  if (signal != 0) {
    std::fflush(nullptr);
    std::signal(signal, SIG_DFL);
    raise(signal);
  }
  return status;
}

int Prompt::run() {
  return client_.account([this] {
    try {
      talk();
    } catch (...) {
      leaving_ = Leaving::at_once;
      editor_.close();
      throw;
    }
    editor_.close();
  });
}

/// A key that is missing or refused ends the program, but not under the hands of who types: so the first attempt to
/// connect has a moment before there is a prompt.
void Prompt::wait_to_stand() {
  const auto deadline = real_clock().steady() + longest_wait_to_stand;
  while (leaving_ == Leaving::no && !client_.tried_to_connect() && !client_.late()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - real_clock().steady()).count();
    if (left <= 0) return;
    std::array<pollfd, 2> watched{pollfd{signals_.fd(), POLLIN, 0}, pollfd{client_.exchange().fd(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), static_cast<int>(left)) < 0 && errno != EINTR)
      throw_errno(tr("cannot wait for the server"));
    if (watched[0].revents != 0) handle_signals();
    take_size();  // no line is drawn yet
    print_slice();
  }
}

/// Until it is time to leave.
void Prompt::talk() {
  wait_to_stand();
  if (leaving_ != Leaving::no) return;
  stands_ = true;
  editor_.open();
  show_waiting();
  bool more = false;
  for (tell_history_fault(); !may_leave(); tell_history_fault()) {
    std::array<pollfd, 3> watched{pollfd{signals_.fd(), POLLIN, 0}, pollfd{client_.exchange().fd(), POLLIN, 0},
                                  pollfd{leaving_ == Leaving::no ? editor_.fd() : -1, POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), more ? 0 : milliseconds_to_size()) < 0 && errno != EINTR)
      throw_errno(tr("cannot wait for input"));
    if (watched[0].revents != 0) handle_signals();
    if (more || watched[1].revents != 0 || watched[2].revents != 0 || milliseconds_to_size() == 0) take_size();
    if (watched[2].revents != 0 && leaving_ == Leaving::no) editor_.read();
    more = print_slice();
    take_gathered();
    show_waiting();
  }
}

bool Prompt::may_leave() {
  if (leaving_ != Leaving::saving) return leaving_ == Leaving::at_once;
  return !client_.may_be_saved_soon() || client_.outbox().waiting() == 0;
}

void Prompt::handle_signals() {
  const SeenSignals seen = signals_.take();
  if (seen.end != 0) {
    end_signal_ = seen.end;
    leaving_ = Leaving::at_once;
    return;
  }
  if (seen.resized) size_taken_at_ = real_clock().steady() + longest_between_sizes;
  if (seen.interrupt || seen.resumed || seen.stop) take_size();
  if (seen.interrupt) interrupt();
  if (seen.resumed) editor_.resumed();
  if (seen.stop) editor_.suspend();
}

/// Until the line is to be drawn for the size that the window has, for poll(2): -1 when it is.
int Prompt::milliseconds_to_size() const {
  if (!size_taken_at_) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*size_taken_at_ - real_clock().steady());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

/// Before anything else is drawn.
void Prompt::take_size() {
  if (!std::exchange(size_taken_at_, std::nullopt)) return;
  view_.set_columns(columns_of(STDOUT_FILENO));
  editor_.resized();
}

/// Ctrl-C stops what is being printed; without that, it drops the line.
void Prompt::interrupt() {
  if (leaving_ != Leaving::no || !stands_) {
    leaving_ = Leaving::at_once;
  } else if (client_.online() && view_.answering()) {
    client_.exchange().ask(Verb::stop);
    view_.skip();
    say(tr("stopped"));
  } else {
    correcting_.reset();
    editor_.interrupt();  // the line that is dropped keeps its prompt
    show_waiting();
  }
}

void Prompt::take_line(const std::string& text) {
  if (correcting_) return take_correction(text);
  const Line line = parse_line(text, LineSource::terminal);
  using Kind = Line::Kind;
  if (line.kind == Kind::entry || line.kind == Kind::dated_entry) write(line);
  if (line.kind == Kind::help) editor_.print_above(help_page(columns_of(STDOUT_FILENO)));
  if (line.kind == Kind::status) tell_status();
  try {
    if (line.kind == Kind::diary || line.kind == Kind::query || summary_kind(line.kind)) read(line);
    if (line.kind == Kind::edit || line.kind == Kind::strike) edit(line);
  } catch (const QueryError& error) {
    say(error.what());
  }
  if (line.kind == Kind::quit) quit();
  if (line.kind == Kind::attempt) {
    say(tr("'{}' was not kept: ? helps, quit or Ctrl-D leaves; with a space in front it is an entry", line.text));
  }
}

/// How many entries wait shows in the prompt as long as the server does not take them.
void Prompt::show_waiting() {
  if (correcting_) {
    constexpr std::size_t day_length = 10, minute_begin = 11, minute_length = 5;
    const std::string time = to_string(correcting_->time);
    const bool today = time.substr(0, day_length) == to_string(now()).substr(0, day_length);
    return editor_.set_prompt(fmt::format("改 {}{}>>> ", today ? "" : time.substr(0, minute_begin),
                                          time.substr(minute_begin, minute_length)));
  }
  const std::size_t waiting = client_.may_be_saved_soon() ? 0 : client_.outbox().waiting();
  editor_.set_prompt(waiting == 0 ? prompt_text : fmt::format(fmt::runtime(waiting_prompt_text), waiting));
}

/// No line is read any more; run() ends when what was written is saved.
void Prompt::quit() {
  leaving_ = Leaving::saving;
  client_.exchange().leave();
  editor_.close();
}

void Prompt::write(const Line& line) {
  try {
    const bool dated = line.kind == Line::Kind::dated_entry;
    const std::string entry = dated ? client_.make_dated_entry(line.text) : client_.make_entry(line.text);
    view_.wrote(entry);
    client_.keep({entry});
  } catch (const Error& error) {
    say(tr("{}; the text is in the line history: Up brings it back", error.what()));
  }
  show_waiting();
}

void Prompt::keep(const std::vector<std::string>& encoded) {
  for (const std::string& entry : encoded) view_.wrote(entry);
  client_.keep(encoded);
}

/// Without a query, the last entry on the screen comes into the line; else what matches comes into an editor, or is
/// struck out, when the answer is there.
void Prompt::edit(const Line& line) {
  const bool strikes = line.kind == Line::Kind::strike;
  if (line.text.empty() && strikes)
    return say(tr("/delete takes a query, as in /delete -1: each is shown and asked for"));
  if (line.text.empty()) {
    correcting_ = view_.last();
    if (!correcting_) return say(tr("no entry stands on the screen; /edit QUERY takes what matches"));
    editor_.begin_with(correcting_->text);
    return show_waiting();
  }
  if (!can_ask()) return;
  auto gathered = std::make_shared<Gathering::Result>();
  gathered->strikes = strikes;
  ask(line.text, local_date(now()), std::make_unique<Gathering>(gathered));
  gathered_ = std::move(gathered);
}

/// The line that the text of an entry was in.
void Prompt::take_correction(const std::string& text) {
  const Editable entry = *std::exchange(correcting_, std::nullopt);
  const CorrectedLine line = parse_corrected_line(text, entry.text);
  using Kind = CorrectedLine::Kind;
  try {
    if (line.kind == Kind::nothing) say(tr("nothing was changed: /delete QUERY strikes an entry out"));
    if (line.kind == Kind::command)
      say(tr("nothing was changed: '{}' is a command; with a space in front it is text", sanitised(line.text)));
    if (line.kind == Kind::text) keep({client_.make_correction({entry.name, line.text}, entry.newest)});
  } catch (const Error& error) {
    say(tr("{}; the text is in the line history: Up brings it back", error.what()));
  }
  show_waiting();
}

void Prompt::take_gathered() {
  if (!gathered_ || !gathered_->whole || leaving_ != Leaving::no) return;
  const auto gathered = std::exchange(gathered_, nullptr);
  if (gathered->entries.full()) return say(tr("more than {} entries match: narrow the query", most_edited));
  const std::vector<Editable> entries = gathered->entries.take();
  if (entries.empty()) return say(tr("what matches is no entry: only an editor on the diary's file changes it"));
  std::string said;
  const auto work = gathered->strikes ? strike_entries : edit_entries;
  const auto keep_it = [this](const auto& encoded) { keep(encoded); };
  try {
    editor_.outside([&] { said = work(client_, entries, {false, &signals_}, keep_it); });
  } catch (const Error& error) {
    said = error.what();
  }
  say(said);
}

void Prompt::read(const Line& line) {
  if (!can_ask()) return;
  if (line.kind == Line::Kind::diary) {
    editor_.print_above(in_rows(tr(diary_heading), whole_rows(columns_of(STDOUT_FILENO))));
    view_.asked_for_diary();
    return client_.exchange().ask(Verb::hi, 0);
  }
  const Date today = local_date(now());
  const auto kind = summary_kind(line.kind);
  if (!kind) return ask(line.text, today);
  ask(query_of_summary(*kind, line.text, today), today, make_summary(*kind, line.text, today));
}

/// Says why, when the diary can't be asked for anything.
bool Prompt::can_ask() {
  std::string fault = client_.rights_fault();
  if (client_.tried_to_connect() && !client_.online()) fault = client_.fault();
  if (!fault.empty()) say(tr("the diary can't be read: {}", fault));
  return fault.empty();
}

/// What is found goes to `summary`, or onto the screen. Throws QueryError.
void Prompt::ask(const std::string& query, const Date& today, std::unique_ptr<Summary> summary) {
  view_.asked(Query::parse(query, today), std::move(summary));
  client_.exchange().ask(Verb::r, 0, wire_query(query, today));
}

/// The server is there for the first time, and its diary has so many bytes.
void Prompt::begin_diary(std::uint64_t size) {
  if (const std::string fault = client_.rights_fault(); !fault.empty())
    return say(tr("{}: what is in the diary is not shown", fault));
  editor_.print_above(in_rows(tr(diary_heading), whole_rows(columns_of(STDOUT_FILENO))));
  const Date today = local_date(now());
  if (options_.greeting) ask(OnThisDay::query, today, std::make_unique<OnThisDay>(today));  // answered behind the diary
  if (size == 0) say(tr("nothing is written yet: type a line and press Enter, and it is kept; ? helps, quit leaves"));
}

void Prompt::tell_status() {
  try {
    auto status = std::make_unique<Status>(client_, options_);
    if (!status->counts()) return editor_.print_above(status->text({columns_of(STDOUT_FILENO), false}));
    view_.asked({}, std::move(status));
    client_.exchange().ask(Verb::r, 0, {});
  } catch (const Error& error) {
    say(error.what());
  }
}

/// Shows what has come, one slice of it. True when there is more.
bool Prompt::print_slice() {
  std::string out;
  for (;;) {
    const bool more = view_.render(out, slice);
    if (!out.empty()) editor_.print_above(std::exchange(out, {}));
    if (more) return true;
    if (std::exchange(announced_, false)) client_.exchange().ask(Verb::told);
    const auto event = client_.poll();
    if (!event) return false;
    take(*event);
  }
}

void Prompt::take(const Event& event) {
  switch (event.kind) {
    case Event::Kind::online:
      if (!was_online_) begin_diary(event.message.number);
      if (told_offline_) say(tr("the server is back"));
      was_online_ = true;
      told_offline_ = false;
      break;
    case Event::Kind::no_key:
      if (!stands_) {
        leaving_ = Leaving::at_once;
        client_.exchange().stop();  // the same key again would be no news
        editor_.close();
        return client_.fail(Error(tr("the diary can't be opened: {}; nothing was written", event.message.text) +
                                  (editor_.typed_in_vain() ? tr(", and what was typed is in the line history") : "")));
      }
      [[fallthrough]];
    case Event::Kind::offline:
      told_offline_ = true;
      view_.forget_questions();
      if (leaving_ == Leaving::no)
        say((was_online_ ? tr("the server is gone: {}", event.message.text)
                         : tr("the server is not there: {}", event.message.text)) +
            tr("; ") + client_.what_becomes_of_entries());
      break;
    case Event::Kind::message:
      if (event.message.verb == Verb::failed) {
        say(tr("the server can't save now: {}", event.message.text) + tr("; ") + client_.what_becomes_of_entries());
      } else {
        announced_ = event.message.verb == Verb::announce;
        view_.take(event.message);
      }
      break;
    default:  // the client has told it
      break;
  }
}

void Prompt::say(const std::string& sentence) {
  editor_.print_above(in_rows(sanitised(sentence), whole_rows(columns_of(STDOUT_FILENO))) + "\n");
}

/// It is a pity, and nothing of the diary.
void Prompt::tell_history_fault() {
  const std::string fault = editor_.take_history_fault();
  if (fault.empty()) return;
  say(tr("{}; what you type will not come back with Up the next time, the diary keeps it all the same", fault));
}

}  // namespace md2

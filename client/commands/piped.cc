#include "client/commands/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "client/line.h"
#include "client/terminal/terminal.h"
#include "common/diary/help.h"
#include "common/diary/query.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"
#include "common/text/lines.h"

namespace md2 {
namespace {

/// At most this many entries of piped input are synced together: with a crash, that many lines may have to be piped
/// again.
constexpr std::size_t batch_size = 1000;

/// The state of run_piped: entries are gathered and synced together; a question first lets what stands before it be
/// saved. What becomes of an answer changes nothing for the lines behind it: they are kept all the same.
class Piped {
 public:
  Piped(Client& client, const ClientOptions& options) : client_(client), options_(options) {}

  /// False when the rest is not to be read. What comes in one piece is synced together; whoever pipes line by line has
  /// each line kept when it is read.
  bool take_lines(std::string_view lines) {
    bool more = true;
    for (const std::string_view line : Lines(lines)) {
      if (more = take(line); !more) break;
    }
    flush();
    return more;
  }

 private:
  bool take(std::string_view text) {
    ++line_;
    const Line line = parse_line(text, LineSource::pipe);
    switch (line.kind) {
      case Line::Kind::nothing:
      case Line::Kind::attempt:  // not in a pipe
        return true;
      case Line::Kind::entry:
      case Line::Kind::dated_entry:
        gather(line);
        return true;
      case Line::Kind::quit:
        return false;
      case Line::Kind::help:
        flush();
        answer([] { put_out(help_text()); });
        return true;
      case Line::Kind::edit:
      case Line::Kind::strike:
        answer([] { throw Error(tr("/edit and /delete are for a terminal: md2client edit and delete take --yes")); });
        return true;
      case Line::Kind::status:
        flush();
        answer([&] { tell_status(); });
        return true;
      case Line::Kind::diary:
      case Line::Kind::query:
      case Line::Kind::tags:
      case Line::Kind::calendar:
      case Line::Kind::statistics:
        flush();
        answer([&] { ask(line); });
        return true;
    }
    return true;
  }

  void flush() {
    if (gathered_.empty()) return;
    try {
      client_.keep(std::exchange(gathered_, {}));
    } catch (const Error& error) {
      throw Error(
          tr("{}: line {} of the input and all behind it; what stands before it is", error.what(), first_gathered_));
    }
  }

  void answer(const std::function<void()>& print) {
    if (output_lost_) return;
    try {
      print();
    } catch (const OutputError& error) {
      output_lost_ = true;
      client_.fail(error);
    } catch (const Error& error) {
      client_.fail(error);
    }
  }

  void ask(const Line& line) {
    if (client_.wait_for_greeting()) client_.wait_until_saved();
    const AnswerForm form = isatty(STDOUT_FILENO) == 1 ? AnswerForm::page : AnswerForm::diary;
    const auto summary = summary_kind(line.kind);
    summary ? print_summary(client_, *summary, line.text, form) : print_answer(client_, line.text, form);
  }

  void tell_status() {
    if (client_.wait_for_greeting()) client_.wait_until_saved();
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    put_out(status_now(client_, options_, {terminal ? columns_of(STDOUT_FILENO) : 0, false}));
  }

  void gather(const Line& line) {
    if (gathered_.empty()) first_gathered_ = line_;
    try {
      const bool dated = line.kind == Line::Kind::dated_entry;
      gathered_.push_back(dated ? client_.make_dated_entry(line.text) : client_.make_entry(line.text));
    } catch (const Error& error) {
      client_.refuse(error.what());
    }
    if (gathered_.size() >= batch_size) flush();
  }

  Client& client_;
  const ClientOptions& options_;
  std::vector<std::string> gathered_;
  std::size_t line_ = 0;            ///< of the input
  std::size_t first_gathered_ = 0;  ///< its line
  bool output_lost_ = false;        ///< told; no answer is asked for any more
};

}  // namespace

int run_piped(const ClientOptions& options) {
  Client client(options, false);
  return client.account([&] {
    Piped piped(client, options);
    std::string input;
    bool more = true;
    while (more && read_piece(STDIN_FILENO, tr("standard input"), input)) {
      const std::size_t last_newline = input.rfind('\n');
      if (last_newline == std::string::npos) continue;
      more = piped.take_lines(std::string_view(input).substr(0, last_newline));
      input.erase(0, last_newline + 1);
    }
    if (more && !input.empty()) piped.take_lines(input);
    client.wait_until_saved();
  });
}

}  // namespace md2

#include "client/commands/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "client/line.h"
#include "common/diary/help.h"
#include "common/diary/query.h"
#include "common/os/error.h"
#include "common/text/lines.h"

namespace md2 {
namespace {

/// At most this many entries of piped input are synced together: with a crash, that many lines may have to be piped
/// again.
constexpr std::size_t batch_size = 1000;

/// The state of run_piped: entries are gathered and synced together; a question first lets what stands before it be
/// saved.
class Piped {
 public:
  explicit Piped(const ClientOptions& options) : client_(options, false) {}

  /// False when the rest is not to be read. What comes in one piece is synced together; whoever pipes line by line has
  /// each line kept when it is read.
  bool take_lines(std::string_view lines) {
    for (const std::string_view line : Lines(lines)) {
      if (!take(line)) return false;
    }
    flush();
    return true;
  }

  int finish() {
    flush();
    client_.wait_until_saved();
    return client_.exit_status();
  }

 private:
  bool take(std::string_view text) {
    ++line_;
    const Line line = parse_line(text);
    switch (line.kind) {
      case Line::Kind::nothing:
        return true;
      case Line::Kind::entry:
        gather(line.text);
        return true;
      case Line::Kind::quit:
        return false;
      case Line::Kind::help:
        flush();
        fmt::print("{}", help_text());
        return true;
      case Line::Kind::diary:
      case Line::Kind::query:
        flush();
        if (!client_.wait_for_greeting()) throw Error(client_.fault());
        client_.wait_until_saved();
        ask(line.text);
        return true;
    }
    return true;
  }

  void flush() {
    if (gathered_.empty()) return;
    try {
      client_.keep(std::exchange(gathered_, {}));
    } catch (const Error& error) {
      throw Error(fmt::format("{}: line {} of the input and all behind it; what stands before it is", error.what(),
                              first_gathered_));
    }
  }

  void ask(const std::string& query) {
    try {
      print_answer(client_, query, isatty(STDOUT_FILENO) == 1 ? AnswerForm::page : AnswerForm::diary);
    } catch (const QueryError& error) {
      client_.refuse(error.what());
    }
  }

  void gather(const std::string& text) {
    if (gathered_.empty()) first_gathered_ = line_;
    try {
      gathered_.push_back(client_.make_entry(text));
    } catch (const Error& error) {
      client_.refuse(error.what());
    }
    if (gathered_.size() >= batch_size) flush();
  }

  Client client_;
  std::vector<std::string> gathered_;
  std::size_t line_ = 0;            ///< of the input
  std::size_t first_gathered_ = 0;  ///< its line
};

}  // namespace

int run_piped(const ClientOptions& options) {
  Piped piped(options);
  std::string input;
  while (read_piece(STDIN_FILENO, "standard input", input)) {
    const std::size_t last_newline = input.rfind('\n');
    if (last_newline == std::string::npos) continue;
    if (!piped.take_lines(std::string_view(input).substr(0, last_newline))) return piped.finish();
    input.erase(0, last_newline + 1);
  }
  if (!input.empty()) piped.take_lines(input);
  return piped.finish();
}

}  // namespace md2

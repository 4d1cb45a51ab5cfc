#include "client/commands/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "client/commands/answer.h"
#include "client/commands/input.h"
#include "client/line.h"
#include "client/link/client.h"
#include "common/diary/entry.h"
#include "common/diary/help.h"
#include "common/diary/query.h"
#include "common/os/error.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// At most this many entries of piped input are synced together: with a crash, that many lines may have to be piped
/// again.
constexpr std::size_t batch_size = 1000;

int finish(Client& client) {
  if (!client.settle()) {
    fmt::print(stderr, "md2client: {}\n", client.unsaved());
    return exit_kept;
  }
  return client.all_taken() ? 0 : 1;
}

void must_reach(Client& client) {
  if (!client.reach()) throw Error(client.fault());
}

/// The state of run_piped: entries are gathered and synced together; a question first lets what stands before it be
/// saved.
class Piped {
 public:
  explicit Piped(const ClientOptions& options) : client_(options, false) {}

  /// False when the rest is not to be read.
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
        must_reach(client_);
        client_.settle();
        ask(line.text);
        return true;
    }
    return true;
  }

  int finish() {
    flush();
    const int status = md2::finish(client_);
    return refused_ && status == 0 ? 1 : status;
  }

  void flush() {
    if (gathered_.empty()) return;
    try {
      client_.keep_and_tell(std::exchange(gathered_, {}));
    } catch (const Error& error) {
      throw Error(fmt::format("{}: line {} of the input and all behind it; what stands before it is", error.what(),
                              first_gathered_));
    }
  }

 private:
  void ask(const std::string& query) {
    try {
      print_answer(client_, query, isatty(STDOUT_FILENO) == 1 ? AnswerForm::page : AnswerForm::diary);
    } catch (const QueryError& error) {
      refuse(error);
    }
  }

  void refuse(const Error& error) {
    fmt::print(stderr, "md2client: {}\n", sanitised(error.what()));
    refused_ = true;
  }

  void gather(const std::string& text) {
    if (gathered_.empty()) first_gathered_ = line_;
    try {
      gathered_.push_back(client_.make_entry(text));
    } catch (const Error& error) {
      refuse(error);
    }
    if (gathered_.size() >= batch_size) flush();
  }

  Client client_;
  std::vector<std::string> gathered_;
  std::size_t line_ = 0;            ///< of the input
  std::size_t first_gathered_ = 0;  ///< its line
  bool refused_ = false;
};

}  // namespace

int run_write(const ClientOptions& options) {
  std::string text = options.text;
  while (!options.has_text && text.size() <= 2 * max_text && read_piece(STDIN_FILENO, "standard input", text)) {
  }
  Client client(options, false);
  client.keep_and_tell({client.make_entry(std::string(trimmed(text)))});
  return finish(client);
}

int run_read(const ClientOptions& options) {
  Client client(options, false);
  must_reach(client);
  const AnswerForm plain = isatty(STDOUT_FILENO) == 1 ? AnswerForm::paged : AnswerForm::diary;
  print_answer(client, options.text, options.json ? AnswerForm::json : plain);
  return 0;
}

int run_announce(const ClientOptions& options) {
  const std::string text(trimmed(options.text));
  std::string fault = text_fault(text);
  if (text.empty()) fault = "it is empty";
  if (text.size() > max_announcement) fault = "it is longer than 64 KiB";
  if (!fault.empty()) throw Error("not announced: " + fault);
  Client client(options, false);
  must_reach(client);
  client.requests().ask(Verb::announce, 0, text);
  for (;;) {
    const Event event = client.next();
    if (event.kind == Event::Kind::offline) throw Error(client.fault());
    if (event.message.verb == Verb::refused) throw Error(event.message.text);
    if (event.message.verb == Verb::announced) return 0;
  }
}

int run_piped(const ClientOptions& options) {
  Piped piped(options);
  std::string input;
  for (bool more = true; more;) {
    more = read_piece(STDIN_FILENO, "standard input", input);
    if (!more && !input.empty() && !input.ends_with('\n')) input += '\n';
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = input.find('\n', begin)) != std::string::npos; begin = end + 1) {
      if (!piped.take(std::string_view(input).substr(begin, end - begin))) return piped.finish();
    }
    input.erase(0, begin);
    // What came in one piece is synced together; whoever pipes line by line has each line kept when it is read.
    piped.flush();
  }
  return piped.finish();
}

}  // namespace md2

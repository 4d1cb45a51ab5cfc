#pragma once

#include <functional>
#include <string>

#include "client/commands/summary.h"
#include "client/link/client.h"
#include "client/options.h"
#include "client/page/corrected.h"

namespace md2 {

// The commands of md2client. Each returns the exit status. Throws Error before anything is kept, not later: see
// Client::account.

/// `md2client write`: one entry.
int run_write(const ClientOptions& options);

/// `md2client read`: the diary, or what matches a query.
int run_read(const ClientOptions& options);

/// `md2client read --follow`: the same, and each new entry as it is saved, until somebody has enough.
int run_follow(const ClientOptions& options);

/// `md2client tags`, `cal`, `stats`: what is said of the diary, or of what matches a query.
int run_summary(const ClientOptions& options, SummaryKind kind);

/// `md2client edit`: entries in the editor; what changed becomes corrections.
int run_edit(const ClientOptions& options);

/// `md2client delete`: strikes entries out.
int run_delete(const ClientOptions& options);

/// `md2client status`: the way to the diary; 1 when no server is there.
int run_status(const ClientOptions& options);

/// `md2client announce`: a line to everybody who is at a prompt.
int run_announce(const ClientOptions& options);

/// Standard input as if typed at the prompt, but only answers are printed.
int run_piped(const ClientOptions& options);

// What they share:

/// To a person who calls a command that reads standard input, at a terminal: how what is typed ends. `what`: is read.
void tell_that_input_is_awaited(const std::string& what);

/// Appends the next piece of `fd`, at most 64 KiB, to `to`. False at the end. Throws Error that names `name`.
bool read_piece(int fd, const std::string& name, std::string& to);

/// Asks the diary (`query` as in `r`, empty: all of it) and gives each `found` and the `end` to `take`, until that says
/// that no more is wanted, or `reader` (see Client::wait) has an error; the rest of the answer may then still come.
/// Throws Error when the server, which has greeted, can't answer or is not there.
void ask(
    Client& client, Ink ink, const std::string& query, const std::function<bool(const Message& message)>& take,
    const std::function<int()>& reader = [] { return -1; });

/// How an answer is printed on standard output.
enum class AnswerForm {
  page,   ///< for a person at the terminal, at once
  paged,  ///< the same, through the pager when it is longer than the screen
  diary,  ///< in diary format, byte for byte
  json,   ///< see append_json
  html,   ///< see HtmlPage
};

/// Asks the diary (`query` as in `r`, empty: all of it) and prints the answer; in diary format all of the diary is byte
/// for byte the file, whatever `ink`. Returns early when the reader leaves the pager; the rest of the answer may then
/// still come. `diary`: its name, of which a page for a browser tells. Throws Error when the server, which has greeted,
/// can't answer or is not there, OutputError when the output can't be written.
void print_answer(Client& client, const std::string& query, AnswerForm form, Ink ink = Ink::newest,
                  const std::string& diary = {});

/// The same, but prints what the summary says of the answer; `form` is none for programs but `diary`, without a
/// terminal.
void print_summary(Client& client, SummaryKind kind, const std::string& query, AnswerForm form);

/// What Status tells now, the diary counted where it does that: for who waits for it. Throws Error likewise.
std::string status_now(Client& client, const ClientOptions& options, PageStyle style);

/// Asks the diary (`wire` as wire_query() gives it) and feeds the answer to the summary. Throws Error likewise.
void ask_for_summary(Client& client, const std::string& wire, Summary& summary);

}  // namespace md2

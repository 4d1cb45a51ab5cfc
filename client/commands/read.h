#pragma once

#include <string>

#include "client/link/client.h"
#include "client/options.h"

namespace md2 {

/// How an answer is printed on standard output.
enum class AnswerForm {
  page,   ///< for a person at the terminal, at once
  paged,  ///< the same, through the pager when it is longer than the screen
  diary,  ///< in diary format, byte for byte
  json,   ///< see append_json
};

/// Asks the diary (`query` as in `r`, empty: all of it) and prints the answer. Returns early when the reader leaves the
/// pager; the rest of the answer may then still come. Throws Error when the server can't answer or the output can't be
/// written.
void print_answer(Client& client, const std::string& query, AnswerForm form);

/// `md2client read`: the diary, or what matches a query. Returns the exit status; throws Error.
int run_read(const ClientOptions& options);

}  // namespace md2

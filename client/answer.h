#pragma once

#include <string>

#include "client/client.h"

namespace md2 {

/// Asks the diary (`query` as in `r`, empty: all of it) and prints the answer on standard output: as a page when that
/// is a terminal, else in diary format, byte for byte. Throws Error when the server can't answer or the output can't be
/// written.
void print_answer(Client& client, const std::string& query);

}  // namespace md2

#pragma once

#include <string>

#include "client/link/exchange.h"

namespace md2 {

/// Absolute paths.
struct Served {
  std::string diary;
  std::string keys;  ///< empty: key_file_of(diary)
};

/// Starts the md2server that lies beside this program, else the one on PATH, in a session of its own, with --until-idle
/// for that diary. Its folder is `/`, so that it keeps no disk busy that somebody wants to take out; its stderr goes to
/// server.log in the state folder. Returns when it is ready: its first line has come. Gives up when `exchange` wants
/// the link to end. Throws Error with what the server said when it could not start, or at `limit` when it is not ready
/// then: it may be later.
void start_server(const Served& served, Exchange& exchange, Clock::Steady limit);

}  // namespace md2

#pragma once

#include <string>

#include "client/link/exchange.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// Whoever wants to start a server waits here for its turn, and then looks whether there still is a need: two clients
/// that start at the same moment do so one after the other. The turn ends with the descriptor. Throws Error.
UniqueFd wait_for_turn_to_start();

/// An old server was met that somebody's client has started: with nobody there it leaves by itself. Waits until the
/// default diary is free, at most 10 s. False when it is not by then, and when `exchange` wants the link to end.
/// Throws Error.
bool wait_for_server_to_leave(const Exchange& exchange);

/// Starts the md2server that lies beside this program, else the one on PATH, in a session of its own, with --until-idle
/// and `key_file`; its stderr goes to server.log in the state folder. Returns when it is ready: its first line has
/// come. Gives up when `exchange` wants the link to end. Throws Error with what the server said when it could not
/// start.
void start_server(const std::string& key_file, const Exchange& exchange);

}  // namespace md2

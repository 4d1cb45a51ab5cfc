#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace md2 {

/// Starts `command` in sh(1), its $1 being `argument`, with the signals of a keyboard and SIGPIPE as a shell would hand
/// them over. `input`: its standard input, -1 for ours. `more`: NAME=VALUE of variables that it gets besides ours,
/// which go first. Throws Error ("cannot start WHAT").
pid_t start_shell_command(const std::string& what, const std::string& command, const std::string& argument,
                          int input = -1, const std::vector<std::string>& more = {});

/// Waits for the end and returns the status as a shell says it: 128 + N for signal N. When the child stops (Ctrl-Z) so
/// does this process. Throws Error ("cannot wait for WHAT").
int wait_for_command(const std::string& what, pid_t child);

}  // namespace md2

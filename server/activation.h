#pragma once

#include <vector>

#include "common/os/unique_fd.h"

namespace md2 {

/// The listening sockets that systemd, or whoever speaks its protocol, has handed to this process (sd_listen_fds(3)):
/// the descriptors from 3 on, as many as LISTEN_FDS says, if LISTEN_PID is this process. They are non-blocking and
/// close-on-exec from now on, and the variables are gone, so that nobody takes the sockets twice. Call before any
/// thread starts. Throws Error when one of them is not a listening TCP socket.
std::vector<UniqueFd> take_passed_sockets();

}  // namespace md2

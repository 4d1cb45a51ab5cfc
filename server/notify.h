#pragma once

#include <string_view>

namespace md2 {

/// Tells the service manager how the server is, in lines NAME=VALUE: READY=1, STOPPING=1, STATUS=... (sd_notify(3)),
/// where it has asked for that by NOTIFY_SOCKET. It is waited for a second at most; what it can't be told is logged,
/// for it may end a server that says nothing.
void notify(std::string_view state);

}  // namespace md2

#pragma once

#include <chrono>
#include <optional>

#include "client/link/requests.h"

namespace md2 {

/// What the link thread was waiting for has come, or something else has.
struct Ready {
  short events = 0;    ///< of the descriptor, as poll(2) gives them
  bool woken = false;  ///< the main thread wants something
};

/// Waits until `fd` (-1: none) is ready for `events`, the main thread wakes the link, or `deadline` passes. The only
/// place where the link thread waits.
Ready wait_for(int fd, short events, const Requests& requests,
               std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt);

}  // namespace md2

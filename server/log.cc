#include "server/log.h"

#include <fmt/format.h>

#include <chrono>
#include <string>

#include "common/os/clock.h"
#include "common/os/file.h"
#include "common/text/text.h"

namespace md2 {

void log(std::string_view text) {
  // One write, so that lines of several servers that share a log file do not mix; a full disk is no reason to stop.
  (void)write_all(2, fmt::format("{} {}\n", local_time("%Y-%m-%d %H:%M:%S"), sanitised(text)));
}

void log_refusal(std::string_view text) {
  static Clock::Steady minute_began{};
  static int lines = 0;
  static int unsaid = 0;
  if (const Clock::Steady now = real_clock().steady(); now - minute_began >= std::chrono::minutes(1)) {
    minute_began = now;
    lines = 0;
  }
  if (++lines > 10) {
    ++unsaid;
    return;
  }
  log(unsaid == 0 ? std::string(text)
                  : fmt::format("{} (and {} refusals before it that were not listed)", text, unsaid));
  unsaid = 0;
}

}  // namespace md2

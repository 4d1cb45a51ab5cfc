#include "server/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <utility>

#include "common/os/clock.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/os/unique_fd.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr std::chrono::milliseconds longest_end = std::chrono::seconds(1);
constexpr int longest_pause = 250;  ///< ms

/// A line as `fd` is to have it.
std::string line_for(int fd, LogLevel level, std::string_view text) {
  if (is_journal(fd)) return fmt::format("<{}>{}", static_cast<int>(level), sanitised(text));
  return fmt::format("{} {}", local_time("%Y-%m-%d %H:%M:%S"), sanitised(text));
}

LogQueue& standard_error() {
  static LogQueue queue(STDERR_FILENO);
  return queue;
}

/// What strangers cause.
class Refusals {
 public:
  void tell(std::string_view text) {
    if (const Clock::Steady now = real_clock().steady(); now - minute_began_ >= std::chrono::minutes(1)) {
      minute_began_ = now;
      lines_ = 0;
    }
    if (++lines_ > most_in_a_minute) {
      ++unsaid_;
      return;
    }
    log(unsaid_ == 0 ? std::string(text) : tr("{} (and {} refusals before it that were not listed)", text, unsaid_));
    unsaid_ = 0;
  }

  void tell_unsaid() {
    if (unsaid_ > 0) log(tr("{} refusals were not listed", std::exchange(unsaid_, 0)));
  }

 private:
  static constexpr int most_in_a_minute = 10;

  Clock::Steady minute_began_{};
  int lines_ = 0;
  int unsaid_ = 0;
};

Refusals& refusals() {
  static Refusals all;
  return all;
}

/// Where it can't be opened anew, it is asked first, and takes as much as a pipe that is writable takes at least.
ssize_t write_when_writable(int fd, std::string_view bytes) {
  pollfd interest{fd, POLLOUT, 0};
  if (poll(&interest, 1, 0) > 0) return ::write(fd, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
  errno = EAGAIN;
  return -1;
}

/// One write(2) that does not wait. O_NONBLOCK would be set for every process that has the same terminal or pipe from
/// elsewhere: only what was opened anew has flags of its own.
ssize_t write_once(int fd, std::string_view bytes) {
  struct stat status = {};
  if (fstat(fd, &status) != 0) return -1;
  if (S_ISSOCK(status.st_mode)) return ::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (!S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)) return ::write(fd, bytes.data(), bytes.size());
  const UniqueFd own(::open(fmt::format("/proc/self/fd/{}", fd).c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  return own ? ::write(own.get(), bytes.data(), bytes.size()) : write_when_writable(fd, bytes);
}

}  // namespace

bool is_journal(int fd) {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat status = {};
  return stream != nullptr && fstat(fd, &status) == 0 && stream == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

std::size_t write_at_once(int fd, std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = write_once(fd, bytes.substr(written));
    if (count > 0) {
      written += static_cast<std::size_t>(count);
    } else if (count < 0 && errno == EAGAIN) {
      return written;
    } else if (count == 0 || errno != EINTR) {
      return bytes.size();  // a full disk, or nobody there any more, is no reason to stop
    }
  }
  return written;
}

void LogQueue::put(std::string_view line) {
  if (waiting_.size() + line.size() >= most_waiting) {
    ++dropped_;
    return;
  }
  waiting_ += line;
  waiting_ += '\n';
  flush();
}

void LogQueue::flush() {
  write();
  if (!waiting_.empty() || dropped_ == 0) return;
  waiting_ = dropped();
  write();
}

std::string LogQueue::take() {
  std::string all = std::exchange(waiting_, {});
  if (dropped_ > 0) all += dropped();
  return all;
}

std::string LogQueue::dropped() {
  const std::string text = tr("{} lines of this log were dropped: nobody took them", std::exchange(dropped_, 0));
  return line_for(fd_, LogLevel::warning, text) + '\n';
}

/// Line by line: each is one write, so that lines of several servers that share a file do not mix.
void LogQueue::write() {
  while (!waiting_.empty()) {
    const std::size_t size = waiting_.find('\n') + 1;
    const std::size_t written = write_at_once(fd_, std::string_view(waiting_).substr(0, size));
    waiting_.erase(0, written);
    if (written < size) return;
  }
}

void log(std::string_view text, LogLevel level) {
  standard_error().put(line_for(STDERR_FILENO, level, text));
}

bool log_waits() {
  return standard_error().waits();
}

void flush_log() {
  standard_error().flush();
}

void end_log() {
  refusals().tell_unsaid();
  const auto limit = real_clock().steady() + longest_end;
  while (log_waits() && real_clock().steady() < limit) {
    pollfd interest{STDERR_FILENO, POLLOUT, 0};
    if (poll(&interest, 1, longest_pause) == 0) break;
    flush_log();
  }
  if (!log_waits()) return;
  const std::string lines = standard_error().take();
  try {
    make_folders(state_folder());
  } catch (const Error&) {
    return;  // there is no place for them
  }
  const UniqueFd file(
      ::open((state_folder() + "/server.log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (file) write_at_once(file.get(), lines);
}

void log_end(std::string_view text) {
  const bool journal = is_journal(STDERR_FILENO);
  standard_error().put(journal ? line_for(STDERR_FILENO, LogLevel::error, text) : sanitised(text));
}

void log_refusal(std::string_view text) {
  refusals().tell(text);
}

}  // namespace md2

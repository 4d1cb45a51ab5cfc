#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace md2 {

// For whoever runs the server; the diary's words and keys never go there. The server waits for nobody who does not take
// it, be it a terminal that was stopped by Ctrl-S or a pipe that nobody reads.

/// Whom a line concerns, by syslog(3)'s numbers.
enum class LogLevel {
  error = 3,    ///< something can't be done
  warning = 4,  ///< something that the diary's owner should know
  info = 6,
};

/// One line on stderr, made safe for a terminal: with the local time in front, or, where the journal takes it, which
/// keeps the time itself, with the level (sd-daemon(3)).
void log(std::string_view text, LogLevel level = LogLevel::warning);

/// The same for what strangers cause. More than 10 lines in a minute are only counted, and the count is told with the
/// next line that is let through: a flood must not fill the disk.
void log_refusal(std::string_view text);

/// True while lines wait until stderr takes them: flush_log() is to be called when it is writable.
bool log_waits();
void flush_log();

/// The program ends. Waits for stderr as long as it takes something every 250 ms, a second at most; what it has not
/// taken by then is appended to server.log in the state folder, where the servers are logged that clients start.
void end_log();

/// The last line of a program that fails: without a date, to be followed by end_log().
void log_end(std::string_view text);

/// True when `fd` is the stream to systemd's journal that JOURNAL_STREAM speaks of (systemd.exec(5)), and not what a
/// shell has put into its place since.
bool is_journal(int fd);

/// Writes to `fd` what it takes without waiting, whatever its flags, which other programs share and which stay as they
/// are. Returns how many bytes that were; what can never be written counts as well. errno is undefined afterwards.
std::size_t write_at_once(int fd, std::string_view bytes);

/// Lines that wait for a descriptor, up to most_waiting bytes of them. What comes then is counted, and the count is
/// told when all that waits has gone.
class LogQueue {
 public:
  static constexpr std::size_t most_waiting = std::size_t{64} << 10;

  /// `fd` stays the caller's.
  explicit LogQueue(int fd) : fd_(fd) {}

  /// Without a newline.
  void put(std::string_view line);

  bool waits() const { return !waiting_.empty(); }
  void flush();

  /// What waits, and how much was dropped behind it. Then nothing waits any more.
  std::string take();

 private:
  void write();
  std::string dropped();

  int fd_;
  std::string waiting_;
  std::size_t dropped_ = 0;  ///< lines
};

}  // namespace md2

#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "common/os/unique_fd.h"
#include "tests/support/deadline.h"
#include "tests/support/sandbox.h"

namespace md2::test {

/// The path of a program under test: below MD2_BIN, by default `build`.
std::string binary(const std::string& name);

using Command = std::vector<std::string>;

/// What a child of fork(2) needs to become a command. It is made ready before, because the child can't ask for memory:
/// another thread may have held the allocator's lock at that moment, and nobody gives it back there (fork(2);
/// AddressSanitizer's is one). The command and the sandbox must outlive it.
class Launch {
 public:
  Launch(const Command& command, const Sandbox& sandbox);

  /// Replaces the process with the command, which is looked for on PATH. Signals are as a shell would hand them over,
  /// the working folder is the sandbox's, and the process ends with the thread that made it.
  [[noreturn]] void become() const;

 private:
  const Sandbox& sandbox_;
  std::vector<std::string> environment_;
  std::vector<char*> arguments_;  ///< each with a null pointer at its end
  std::vector<char*> settings_;
};

/// 0 to 255 as exited, 128 + N when signal N ended it; from waitpid(2)'s status.
int exit_status(int status);

/// A program that runs in a sandbox with pipes or files in place of its three streams. Take run() for one that needs
/// nobody while it runs, and Screen for one that wants a terminal. It is killed when it is still
/// running at the end of its scope.
class Program {
 public:
  enum class Input { null, pipe };

  explicit Program(const Sandbox& sandbox, const Command& command, Input input = Input::null);
  ~Program();
  Program(Program&& other) noexcept;
  Program& operator=(Program&&) = delete;

  pid_t pid() const { return pid_; }

  /// All of it goes in, while what comes out is taken.
  void write(std::string_view bytes);
  /// The same, for a program that may end before it has read all: then false.
  bool offer(std::string_view bytes);
  void close_input() { input_.reset(); }

  /// Waits until standard output (standard error) holds `text` behind what an earlier call has found. Returns
  /// everything up to the end of `text`. Throws Failure when the program ends or the deadline passes first.
  std::string expect(std::string_view text);
  std::string expect_error(std::string_view text);

  /// Waits for the end and takes what is left of the output. Returns exit_status().
  int wait();

  void signal(int number) const;

  /// Everything so far.
  const std::string& output() const { return streams_[0].text; }
  const std::string& error() const { return streams_[1].text; }

 private:
  struct Stream {
    UniqueFd fd;
    std::string text;
    std::size_t found = 0;  ///< where expect() goes on
  };

  std::string expect_in(Stream& stream, std::string_view text);
  /// Waits for any event and takes what has come. False when the deadline passed, or nothing can come any more.
  bool pump(const Deadline& deadline, std::string_view* input = nullptr);
  bool take(Stream& stream);
  void reap();

  std::string name_;
  pid_t pid_ = -1;
  UniqueFd process_;  ///< readable when the program has ended
  UniqueFd input_;
  Stream streams_[2];
  bool ended_ = false;
  int status_ = -1;
};

/// Waits until every thread of the process is in a system call that waits for events without an end (proc(5),
/// /proc/PID/task/TID/syscall): it will make none until something happens. Throws Failure.
void wait_until_idle(pid_t pid);

/// The same where a deadline may run: until every thread waits for events.
void wait_until_waiting(pid_t pid);

struct Result {
  int status;
  std::string output;
  std::string error;
};

/// Runs the command to its end.
Result run(const Sandbox& sandbox, const Command& command, std::string_view input = {});

}  // namespace md2::test

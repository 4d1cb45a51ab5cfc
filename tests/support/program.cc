#include "tests/support/program.h"
#include "tests/support/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <utility>

#include "common/os/error.h"

namespace md2::test {
namespace {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw_errno("cannot make a pipe");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void prepare(const UniqueFd& fd) {
  if (fcntl(fd.get(), F_SETFL, O_NONBLOCK) != 0) throw_errno("cannot make a pipe non-blocking");
  // Room for what a program logs while the test looks elsewhere; the usual 64 KiB are enough where it is not granted.
  (void)fcntl(fd.get(), F_SETPIPE_SZ, 1 << 20);
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (const std::string& string : strings) result.push_back(const_cast<char*>(string.c_str()));
  result.push_back(nullptr);
  return result;
}

/// `call`: number, six arguments, stack pointer, program counter; or "running".
///
/// ThreadSanitizer brings a thread of its own, which wakes ten times a second: its nanosleep is not the program's,
/// which calls none, as a plain build shows.
bool waits_forever(const std::string& call) {
  std::istringstream words(call);
  long number = -1;
  std::array<std::string, 6> arguments;
  words >> number;
  for (std::string& argument : arguments) words >> argument;
  if (!words) return false;
  switch (number) {
    case SYS_pselect6:
      return arguments[4] == "0x0";
#ifdef SYS_poll
    case SYS_poll:
      return arguments[2].ends_with("ffffffff");
#endif
    case SYS_ppoll:
      return arguments[2] == "0x0";
    case SYS_futex:
      return arguments[3] == "0x0";
    case SYS_nanosleep:
      return sanitized();  // a thread of the sanitizer's
    default:
      return false;
  }
}

bool waits(const std::string& call) {
  long number = -1;
  std::istringstream(call) >> number;
  if (number == SYS_ppoll) return true;
#ifdef SYS_poll
  if (number == SYS_poll) return true;
#endif
  return waits_forever(call);
}

void wait_until_all(pid_t pid, bool (*wait)(const std::string& call)) {
  const std::string tasks = fmt::format("/proc/{}/task", pid);
  std::string seen;
  for (const Deadline deadline; deadline.left() > 0;) {  // there is no event for "went to sleep"
    bool idle = true;
    seen.clear();
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
      const std::string call = read_file(task.path() / "syscall");
      idle = idle && wait(call);
      seen += call;
    }
    if (idle) return;
    sched_yield();
  }
  throw Failure(fmt::format("process {} does not go to sleep; its threads' system calls:\n{}", pid, seen));
}

/// For who reads that a program did not end: each thread's state and system call (proc(5)).
std::string doings_of(pid_t pid) {
  std::string doings;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid), gone)) {
    const std::string stat = read_file(task.path() / "stat");
    doings += stat.substr(0, stat.find(')') + 3);
    doings += ' ' + read_file(task.path() / "syscall");
  }
  return doings;
}

}  // namespace

std::string binary(const std::string& name) {
  const char* const folder = std::getenv("MD2_BIN");
  char* const whole = realpath(folder != nullptr ? folder : "build", nullptr);
  std::string path = std::string(whole != nullptr ? whole : "build") + '/' + name;
  std::free(whole);
  return path;
}

Launch::Launch(const Command& command, const Sandbox& sandbox)
    : sandbox_(sandbox),
      environment_(sandbox.environment()),
      arguments_(pointers(command)),
      settings_(pointers(environment_)) {}

void Launch::become() const {
  for (const int number : {SIGPIPE, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU}) ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (sandbox_.network() != nullptr) sandbox_.network()->join();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (chdir(sandbox_.folder().c_str()) == 0) execvpe(arguments_[0], arguments_.data(), settings_.data());
  perror(arguments_[0]);
  _exit(127);
}

int exit_status(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

Program::Program(const Sandbox& sandbox, const Command& command, Input input)
    : name_(fmt::format("{}", fmt::join(command, " "))) {
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  if (input == Input::null) in.read.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Launch launch(command, sandbox);
  pid_ = fork();
  if (pid_ < 0) throw_errno("cannot fork");
  if (pid_ == 0) {
    if (dup2(in.read.get(), 0) == 0 && dup2(out.write.get(), 1) == 1 && dup2(err.write.get(), 2) == 2) launch.become();
    _exit(127);
  }
  process_ = watch_process(pid_);
  if (input == Input::pipe) input_ = std::move(in.write);
  streams_[0].fd = std::move(out.read);
  streams_[1].fd = std::move(err.read);
  for (const UniqueFd* fd : {&input_, &streams_[0].fd, &streams_[1].fd}) {
    if (*fd) prepare(*fd);
  }
}

Program::Program(Program&& other) noexcept
    : name_(std::move(other.name_)),
      pid_(std::exchange(other.pid_, -1)),
      process_(std::move(other.process_)),
      input_(std::move(other.input_)),
      streams_{std::move(other.streams_[0]), std::move(other.streams_[1])},
      ended_(other.ended_),
      status_(other.status_) {}

Program::~Program() {
  if (pid_ < 0 || ended_) return;
  ::kill(pid_, SIGKILL);
  reap();
}

void Program::reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = exit_status(status);
  ended_ = true;
}

/// What can be read at once: who is awaited may write as fast as that is taken. False when there was nothing.
bool Program::take(Stream& stream) {
  std::array<char, 65536> bytes;
  while (stream.fd) {
    const ssize_t count = ::read(stream.fd.get(), bytes.data(), bytes.size());
    if (count > 0) {
      stream.text.append(bytes.data(), static_cast<std::size_t>(count));
      return true;
    }
    if (count == 0) {
      stream.fd.reset();
    } else if (errno != EINTR) {
      return false;
    }
  }
  return false;
}

bool Program::pump(const Deadline& deadline, std::string_view* input) {
  // Once the program has ended nothing new can come, though a program it has started may hold its streams open.
  const bool feed = input != nullptr && !input->empty() && input_;
  std::array<pollfd, 4> items{{{streams_[0].fd.get(), POLLIN, 0},
                               {streams_[1].fd.get(), POLLIN, 0},
                               {ended_ ? -1 : process_.get(), POLLIN, 0},
                               {feed ? input_.get() : -1, POLLOUT, 0}}};
  const int ready = poll(items.data(), items.size(), ended_ ? 0 : deadline.left());
  if (ready < 0 && errno != EINTR) throw_errno("cannot poll");
  if (ready <= 0) return ready < 0;
  for (Stream& stream : streams_) take(stream);
  if (items[2].revents != 0) {
    reap();
    for (Stream& stream : streams_) {
      while (take(stream)) {
      }
    }
  }
  if (feed && items[3].revents != 0) {
    const ssize_t count = ::write(input_.get(), input->data(), input->size());
    if (count > 0) input->remove_prefix(static_cast<std::size_t>(count));
    if (count < 0 && errno != EAGAIN && errno != EINTR) input_.reset();
  }
  return true;
}

void Program::write(std::string_view bytes) {
  const Deadline deadline;
  while (!bytes.empty()) {
    if (!input_) throw Failure(fmt::format("'{}' no longer reads its input", name_));
    if (!pump(deadline, &bytes)) throw Failure(fmt::format("'{}' does not read its input", name_));
  }
}

std::string Program::expect_in(Stream& stream, std::string_view text) {
  for (const Deadline deadline;;) {
    const std::size_t at = stream.text.find(text, stream.found);
    if (at != std::string::npos) {
      stream.found = at + text.size();
      return stream.text.substr(0, stream.found);
    }
    if (!pump(deadline)) {
      throw Failure(fmt::format("'{}' {} without saying '{}'\n--- output\n{}\n--- error\n{}", name_,
                                ended_ ? fmt::format("ended with {}", status_) : "went on", text, output(), error()));
    }
  }
}

bool Program::offer(std::string_view bytes) {
  try {
    write(bytes);
    return true;
  } catch (const Failure&) {
    return false;
  }
}

std::string Program::expect(std::string_view text) {
  return expect_in(streams_[0], text);
}

std::string Program::expect_error(std::string_view text) {
  return expect_in(streams_[1], text);
}

int Program::wait() {
  const Deadline deadline;
  while (!ended_) {
    if (!pump(deadline))
      throw Failure(fmt::format("'{}' did not end\n--- output\n{}\n--- error\n{}\n--- threads\n{}", name_, output(),
                                error(), doings_of(pid_)));
  }
  return status_;
}

void Program::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

void wait_until_idle(pid_t pid) {
  wait_until_all(pid, waits_forever);
}

void wait_until_waiting(pid_t pid) {
  wait_until_all(pid, waits);
}

Result run(const Sandbox& sandbox, const Command& command, std::string_view input) {
  Program program(sandbox, command, Program::Input::pipe);
  (void)program.offer(input);
  program.close_input();
  const int status = program.wait();
  return {status, program.output(), program.error()};
}

}  // namespace md2::test

#include "tests/support/screen.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "common/os/error.h"

namespace md2::test {

Screen::Screen(const Sandbox& sandbox, const Command& command, int rows, int columns)
    : name_(fmt::format("{}", fmt::join(command, " "))), emulator_(rows, columns) {
  const winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0, 0};
  const Launch launch(command, sandbox);
  int terminal = -1;
  pid_ = forkpty(&terminal, nullptr, nullptr, &size);
  if (pid_ < 0) throw_errno("cannot make a pseudo-terminal");
  if (pid_ == 0) launch.become();
  terminal_.reset(terminal);
  process_ = watch_process(pid_);
  if (fcntl(terminal, F_SETFL, O_NONBLOCK) != 0 || fcntl(terminal, F_SETFD, FD_CLOEXEC) != 0)
    throw_errno("cannot prepare the pseudo-terminal");
}

Screen::~Screen() {
  if (ended_) return;
  ::kill(pid_, SIGKILL);
  reap();
}

void Screen::reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = exit_status(status);
  ended_ = true;
}

std::string Screen::row(int number) const {
  const auto all = rows();
  return number < static_cast<int>(all.size()) ? all[static_cast<std::size_t>(number)] : "";
}

std::string Screen::picture() const {
  std::string picture = fmt::format("--- the screen, the cursor in row {}, column {}\n", cursor().row, cursor().column);
  const auto& scrolled = emulator_.scrolled();
  for (std::size_t i = scrolled.size() - std::min<std::size_t>(scrolled.size(), 30); i < scrolled.size(); ++i)
    picture += "^ " + scrolled[i] + '\n';
  for (const std::string& row : rows()) picture += "| " + row + '\n';
  return picture;
}

/// Takes a piece of what has come. False when there was nothing.
bool Screen::take() {
  std::array<char, 65536> bytes;
  ssize_t count = 0;
  do {
    count = ::read(terminal_.get(), bytes.data(), bytes.size());
  } while (count < 0 && errno == EINTR);
  if (count <= 0) return false;  // EIO: nobody has the other end open (any more)
  emulator_.feed({bytes.data(), static_cast<std::size_t>(count)});
  if (const std::string answers = emulator_.answers(); !answers.empty()) {
    // A few bytes; a terminal does not wait for its program to read them, either.
    (void)!::write(terminal_.get(), answers.data(), answers.size());
  }
  return true;
}

void Screen::take_all() {
  while (take()) {
  }
}

/// Waits for any event and takes a piece of what has come, no more: a program can write faster than the emulator takes
/// it, and the test would not get a word in. False when the deadline passed or the program has ended.
bool Screen::pump(const Deadline& deadline, std::string_view* input) {
  if (ended_) return false;
  const bool feed = input != nullptr && !input->empty();
  std::array<pollfd, 2> items{
      {{terminal_.get(), static_cast<short>(feed ? POLLIN | POLLOUT : POLLIN), 0}, {process_.get(), POLLIN, 0}}};
  const int ready = poll(items.data(), items.size(), deadline.left());
  if (ready < 0 && errno != EINTR) throw_errno("cannot poll");
  if (ready <= 0) return ready < 0;
  take();
  if (items[1].revents != 0) {
    reap();
    take_all();
    return true;
  }
  if (feed && (items[0].revents & POLLOUT) != 0) {
    const ssize_t count = ::write(terminal_.get(), input->data(), input->size());
    if (count > 0) input->remove_prefix(static_cast<std::size_t>(count));
  } else if ((items[0].revents & POLLHUP) != 0) {
    // Nobody has the other end open, so only the end of the program can come; POLLHUP itself would return at once.
    if (!wait_readable(process_.get(), deadline)) return false;
    reap();
  }
  return true;
}

void Screen::wait_for(const std::function<bool()>& holds, std::string_view what) {
  for (const Deadline deadline; !holds();) {
    if (!pump(deadline)) {
      throw Failure(fmt::format("waited for {}, but '{}' {}\n{}", what, name_,
                                ended_ ? fmt::format("ended with {}", status_) : "went on without it", picture()));
    }
  }
}

void Screen::wait_for(std::string_view text) {
  wait_for([&] { return this->text().find(text) != std::string::npos; }, fmt::format("'{}'", text));
}

void Screen::wait_for_end(const std::vector<std::string>& wanted, int column) {
  wait_for([&] { return ends_with(rows(), cursor(), wanted, column); },
           fmt::format("the last rows to be\n  {}\nand the cursor in the last, column {}", fmt::join(wanted, "\n  "),
                       column));
}

void Screen::type(std::string_view text) {
  for (const Deadline deadline; !text.empty();) {
    if (!pump(deadline, &text)) throw Failure(fmt::format("'{}' does not read what is typed\n{}", name_, picture()));
  }
}

void Screen::press(VTermKey key, VTermModifier modifier) {
  emulator_.press(key, modifier);
  type(emulator_.answers());
}

void Screen::paste(std::string_view text) {
  if (!paste_mode()) return type(text);
  emulator_.start_paste();
  const std::string begin = emulator_.answers();
  emulator_.end_paste();
  const std::string end = emulator_.answers();
  std::string pasted(text);
  std::replace(pasted.begin(), pasted.end(), '\n', '\r');  // as xterm does
  type(begin + pasted + end);
}

void Screen::resize(int rows, int columns) {
  take_all();  // what was written for the old size
  emulator_.resize(rows, columns);
  const winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0, 0};
  if (ioctl(terminal_.get(), TIOCSWINSZ, &size) != 0) throw_errno("cannot resize the pseudo-terminal");
}

void Screen::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

int Screen::wait() {
  for (const Deadline deadline; !ended_;) {
    if (!pump(deadline)) throw Failure(fmt::format("'{}' did not end\n{}", name_, picture()));
  }
  return status_;
}

termios Screen::modes() const {
  termios modes{};
  if (tcgetattr(terminal_.get(), &modes) != 0) throw_errno("cannot read the terminal's modes");
  return modes;
}

bool sane(const termios& modes) {
  constexpr tcflag_t wanted = ICANON | ECHO | ISIG;
  return (modes.c_lflag & wanted) == wanted && (modes.c_iflag & ICRNL) != 0 && (modes.c_oflag & OPOST) != 0;
}

}  // namespace md2::test

#include "client/terminal/terminal.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <clocale>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string_view>

#include "common/os/file.h"
#include "common/os/language.h"

namespace md2 {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

/// Characters, and the system's messages: each further category is a file that is opened for nothing.
bool locale_is_utf8() {
  const bool known = std::setlocale(LC_CTYPE, "") != nullptr && std::setlocale(LC_MESSAGES, "") != nullptr;
  return known && std::string_view(nl_langinfo(CODESET)) == "UTF-8";
}

// What an exit in any thread puts back. The modes are written once, before `raw` is first set.
termios found_modes;
bool modes_known = false;
std::atomic<bool> raw = false;
std::atomic<bool> paste = false;
std::terminate_handler next_handler = nullptr;

void put_back() {
  if (!raw.exchange(false) || !in_foreground(STDIN_FILENO)) return;
  tcsetattr(STDIN_FILENO, TCSANOW, &found_modes);
  write_all(STDOUT_FILENO, paste ? "\x1b[?2004l\r\n" : "\r\n");
}

void watch_exits() {
  modes_known = tcgetattr(STDIN_FILENO, &found_modes) == 0;
  std::atexit(put_back);
  next_handler = std::set_terminate([] {
    put_back();
    next_handler();
  });
}

}  // namespace

void set_utf8_locale() {
  if (locale_is_utf8()) return;
  for (const char* name : {"C.UTF-8", "en_US.UTF-8"}) {
    setenv("LC_ALL", name, 1);
    // A server that is started from here speaks to the same person.
    if (!language().empty()) setenv("LANGUAGE", std::string(language()).c_str(), 1);
    if (locale_is_utf8()) return;
  }
}

bool in_foreground(int fd) {
  return tcgetpgrp(fd) == getpgrp();
}

bool reads_lines(int fd) {
  termios modes{};
  return tcgetattr(fd, &modes) == 0 && (modes.c_lflag & ICANON) != 0;
}

int columns_of(int fd) {
  winsize size{};
  return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

int rows_of(int fd) {
  winsize size{};
  return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : 24;
}

bool takes_colour(int fd) {
  return isatty(fd) == 1 && variable("NO_COLOR").empty() && !variable("TERM").empty() && variable("TERM") != "dumb";
}

void terminal_becomes_raw(bool bracketed_paste) {
  static std::once_flag once;
  std::call_once(once, watch_exits);
  paste = bracketed_paste;
  raw = modes_known;
}

void terminal_is_sane() {
  raw = false;
}

}  // namespace md2

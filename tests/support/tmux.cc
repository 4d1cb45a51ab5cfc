#include "tests/support/tmux.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <sstream>

#include "common/os/error.h"

namespace md2::test {
namespace {

std::string quoted(const std::string& word) {
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

}  // namespace

Tmux::Tmux(const Sandbox& sandbox, const Command& command, int rows, int columns) : sandbox_(sandbox) {
  std::string line = "exec";
  for (const std::string& word : command) line += ' ' + quoted(word);
  // The program waits until its output is copied.
  tmux({"new-session", "-d", "-x", std::to_string(columns), "-y", std::to_string(rows), "tmux wait-for go; " + line});
  tmux({"set-option", "-g", "status", "off"});
  tmux({"set-option", "-g", "remain-on-exit", "on"});
  tmux({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
  copy_output();
  tmux({"wait-for", "-S", "go"});
}

Tmux::~Tmux() {
  try {
    tmux({"kill-server"});
  } catch (const std::exception&) {  // the sandbox ends what is left
  }
}

std::string Tmux::tmux(const Command& arguments) const {
  Command command{"tmux", "-S", sandbox_.path("tmux"), "-f", "/dev/null"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const Result result = run(sandbox_, command);
  if (result.status != 0) {
    throw Failure(fmt::format("'{}' failed with {}; the tests need tmux\n{}{}", fmt::join(command, " "), result.status,
                              result.output, result.error));
  }
  return result.output;
}

void Tmux::type(std::string_view text) {
  tmux({"send-keys", "-l", "--", std::string(text)});
}

void Tmux::resize(int rows, int columns) {
  copy_output();
  tmux({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
  if (!wait_readable(events_.get(), Deadline())) throw Failure("the program does not notice the new size");
}

void Tmux::resize_often(const std::vector<Position>& sizes) {
  copy_output();
  for (const Position size : sizes)
    tmux({"resize-window", "-x", std::to_string(size.column), "-y", std::to_string(size.row)});
}

/// From now on the output goes to a fresh FIFO: what comes out of it was written after this call.
void Tmux::copy_output() {
  const std::string fifo = sandbox_.path(fmt::format("tmux-output-{}", copies_++));
  if (mkfifo(fifo.c_str(), 0600) != 0) throw_errno("cannot make a FIFO");
  // Also open for writing: so it never comes to an end.
  events_.reset(::open(fifo.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  written_.clear();
  if (!events_) throw_errno("cannot open the FIFO");
  tmux({"pipe-pane", "exec cat > " + quoted(fifo)});
}

void Tmux::drain() {
  std::array<char, 65536> seen;
  for (ssize_t count = 0; (count = ::read(events_.get(), seen.data(), seen.size())) > 0;)
    written_.append(seen.data(), static_cast<std::size_t>(count));
}

void Tmux::look() {
  std::istringstream answer(
      tmux({"display-message", "-p", "#{history_size} #{cursor_y} #{cursor_x}", ";", "capture-pane", "-p", "-S", "-"}));
  int scrolled = 0;
  answer >> scrolled >> cursor_.row >> cursor_.column;
  cursor_.row += scrolled;
  std::string row;
  std::getline(answer, row);
  rows_.clear();
  while (std::getline(answer, row)) {
    row.erase(row.find_last_not_of(' ') + 1);
    rows_.push_back(row);
  }
  while (!rows_.empty() && rows_.back().empty()) rows_.pop_back();
}

void Tmux::wait_for(const std::function<bool()>& holds, std::string_view what) {
  for (const Deadline deadline;;) {
    look();
    if (holds()) return;
    if (!wait_readable(events_.get(), deadline)) {
      throw Failure(fmt::format("waited for {}\n--- the screen, the cursor in row {}, column {}\n| {}\n", what,
                                cursor_.row, cursor_.column, fmt::join(rows_, "\n| ")));
    }
    drain();
  }
}

void Tmux::wait_for(std::string_view text) {
  wait_for(
      [&] {
        return std::any_of(rows_.begin(), rows_.end(),
                           [&](const std::string& row) { return row.find(text) != std::string::npos; });
      },
      fmt::format("'{}'", text));
}

void Tmux::wait_for_end(const std::vector<std::string>& wanted, int column) {
  wait_for([&] { return ends_with(rows_, cursor_, wanted, column); },
           fmt::format("the last rows to be\n  {}\nand the cursor in the last, column {}", fmt::join(wanted, "\n  "),
                       column));
}

bool tmux_reflows_wide_characters() {
  static const bool well = [] {
    const Sandbox sandbox;
    Tmux tmux(sandbox, {"sh", "-c", "printf 字字%056d 0; read end"}, 24, 60);
    tmux.wait_for("字字" + std::string(56, '0'));
    tmux.resize_often({{24, 40}});
    const auto parted = [&] { return tmux.rows().size() == 2 && tmux.rows()[0].size() < 60; };
    tmux.wait_for(parted, "the row to be parted");
    return tmux.rows()[0] == "字字" + std::string(36, '0');
  }();
  return well;
}

}  // namespace md2::test

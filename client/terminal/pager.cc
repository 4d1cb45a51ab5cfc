#include "client/terminal/pager.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "client/terminal/shell_command.h"
#include "client/terminal/terminal.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/process.h"
#include "common/os/standard_streams.h"

namespace md2 {
namespace {

/// Held back at most, whatever the lines are made of: a screen of text takes a hundredth.
constexpr std::size_t max_held = std::size_t{1} << 20;

/// Without less the page is printed as if there were no pager.
constexpr const char* default_command = "command -v less >/dev/null && exec less -R; exec cat";

}  // namespace

std::string pager_command(const char* pager, const char* term) {
  if (pager != nullptr) return std::string_view(pager) == "cat" ? "" : pager;
  // less asks for a key before it does anything on a terminal that can't move its cursor.
  const std::string_view terminal = term == nullptr ? "" : term;
  return terminal.empty() || terminal == "dumb" ? "" : default_command;
}

Pager::Pager()
    : command_(pager_command(std::getenv("PAGER"), std::getenv("TERM"))),
      room_(static_cast<std::size_t>(std::max(rows_of(STDOUT_FILENO) - 1, 1))) {}

Pager::~Pager() {
  if (child_ < 0) return;
  try {
    finish();
  } catch (const Error&) {  // the error that led here is the one to tell
  }
}

bool Pager::put(std::string_view lines) {
  if (child_ < 0 && !command_.empty()) {
    held_ += lines;
    lines_ += static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
    if (lines_ <= room_ && held_.size() <= max_held) return true;
    start();
    lines = held_;
  }
  if (!pipe_) {
    put_out(lines);
    return true;
  }
  const bool all = write_all(pipe_.get(), lines) == lines.size();
  if (!all && errno != EPIPE) throw_errno(tr("cannot write to the pager"));
  held_ = {};
  return all;
}

void Pager::start() {
  Pipe pipe = make_pipe();
  pipe_ = std::move(pipe.write);
  for (const int signal : {SIGINT, SIGQUIT, SIGPIPE}) ignored_.emplace_back(signal, SIG_IGN);
  // What git gives less when the user has no wishes of his own: leave at once if all fits, colours, no clearing.
  child_ = start_shell_command(tr("the pager"), command_, "", pipe.read.get(), {"LESS=FRX", "LV=-c"});
}

void Pager::finish() {
  if (child_ < 0) {
    put_out(held_);
    return;
  }
  pipe_.reset();  // the end of its input
  const int status = wait_for_command(tr("the pager"), std::exchange(child_, -1));
  ignored_.clear();
  // 126 and 127 are the shell's; what a pager itself makes of its end is its reader's affair.
  if (status == 126 || status == 127) {
    throw Error(tr("cannot run the pager '{}'; with PAGER= in the environment there is none", command_));
  }
}

}  // namespace md2

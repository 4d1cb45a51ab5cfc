#pragma once

#include <sys/types.h>

#include <cstddef>
#include <list>
#include <string>
#include <string_view>

#include "client/terminal/signals.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// Where a page goes that is read on the terminal of standard output: straight there while it fits on the screen, and
/// into $PAGER, by default `less -R`, when it turns out to be longer. With PAGER empty or `cat` there is no pager.
///
/// As with git, the pager has the terminal from its start to its end: Ctrl-C is the pager's, and whoever leaves it
/// before the end has read enough, which is no error.
class Pager {
 public:
  Pager();

  /// After an error: what was put can still be read before the error is told.
  ~Pager();
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;

  /// More of the page, in whole lines that are wrapped to the width of the terminal. Waits while the pager takes no
  /// more. False when the reader has left: nothing more is wanted. Throws Error.
  bool put(std::string_view lines);

  /// After the last line: shows what was held back, or waits until the reader has left the pager. Throws Error when
  /// there was no such pager.
  void finish();

  /// For poll(2), without events: has an error (POLLERR) when the reader has left. -1 when there is no pager.
  int fd() const { return pipe_.get(); }

 private:
  void start();

  std::string command_;   ///< empty: no pager
  std::size_t room_ = 0;  ///< lines that fit above the shell's next prompt
  std::size_t lines_ = 0;
  std::string held_;                ///< until it is known whether all fits
  std::list<Disposition> ignored_;  ///< while the pager has the keyboard, and a pipe without a reader is an answer
  UniqueFd pipe_;
  pid_t child_ = -1;
};

/// The pager's command for the values of PAGER and TERM (null: not set); empty when none is wanted.
std::string pager_command(const char* pager, const char* term);

}  // namespace md2

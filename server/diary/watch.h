#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/os/clock.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// Wakes a server that sleeps when somebody has changed the diary (inotify(7)), so that who follows sees it at once.
/// It only says when to look: what has happened Diary::check_for_changes() finds out, and would find out without it.
///
/// It watches the file, under whatever name it is opened, and its names: that of `path` and, when this is a symbolic
/// link, of the file it means. A program that closed the file, or moved one to the name, is done: the look is due now.
/// While the name is missing or new, an editor may be in the middle of a save, and what it has not yet written would
/// pass for removed: the look waits a moment. Own appends are no event, since the server keeps the file open; neither
/// is what another program writes until it closes the file.
class Watch {
 public:
  using Time = Clock::Steady;

  /// `path`: of the diary, which is there. Where the system gives no inotify, there is no descriptor and never an
  /// event.
  explicit Watch(std::string path);

  /// Readable when there are events; -1: never.
  int fd() const { return fd_.get(); }

  /// Takes all events that have come. Call it when fd() is readable: it makes system calls.
  void take(Time now);

  /// When the diary is to be looked at; nothing: when there is another event.
  std::optional<Time> deadline() const { return due_; }

  /// True when it is to be looked at now.
  bool due(Time now) const { return due_ && now >= *due_; }

  /// It was looked at. What bears the name now is watched from here on; when that is another file than before, one more
  /// look is due, since it may have been changed meanwhile.
  void looked(Time now);

 private:
  /// What was heard of the diary. `unsettled`: more may come.
  enum class News { none, unsettled, settled };

  struct Name {
    std::string folder;
    std::string name;
    int watch = -1;
  };

  News news_of(int watch, std::uint32_t mask, const char* name) const;
  void note(News news, Time now);
  bool watch(int& watch, const std::string& path, std::uint32_t mask);
  bool watch_all();

  std::string path_;
  UniqueFd fd_;
  int file_ = -1;            ///< the watch of the file
  std::vector<Name> names_;  ///< under which it is found
  std::optional<Time> due_;
};

}  // namespace md2

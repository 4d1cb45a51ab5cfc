#include "client/line_history.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>  // readline's headers need FILE
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include <cerrno>
#include <ctime>

#include "common/error.h"
#include "common/file.h"
#include "common/paths.h"
#include "common/text.h"

namespace md2 {
namespace {

constexpr char time_mark = '\x1e';  ///< record separator

std::string lock_path(const std::string& path) {
  return path + ".lock";
}

UniqueFd open_file(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (!fd || fchmod(fd.get(), 0600) != 0) throw_errno(fmt::format("cannot open line history '{}'", path));
  return fd;
}

/// Lines dropped from the front of the list so that it keeps to its limits.
int drop_oldest() {
  int dropped = 0;
  int bytes = history_total_bytes();
  while (history_length > 0 && (history_length > LineHistory::max_lines || bytes > LineHistory::max_bytes)) {
    HIST_ENTRY* oldest = remove_history(0);
    bytes -= static_cast<int>(std::string_view(oldest->line).size());
    free_history_entry(oldest);
    ++dropped;
  }
  return dropped;
}

}  // namespace

LineHistory::LineHistory(std::string path) : path_(std::move(path)) {
  using_history();
  clear_history();
  history_comment_char = time_mark;
  history_write_timestamps = 1;
  try {
    load();
  } catch (const Error& error) {
    fault_ = error.what();
  }
}

void LineHistory::load() {
  make_folders(folder_of(path_));
  const UniqueFd held = lock(lock_path(path_));
  open_file(path_);
  if (const int error = read_history(path_.c_str()); error != 0) {
    errno = error;
    throw_errno(fmt::format("cannot read line history '{}'", path_));
  }
  // A few lines too many don't pay for writing them all again. write_history replaces the file by renaming a new one.
  const int dropped = drop_oldest();
  using_history();  // the place where Up begins: behind the newest line
  if (dropped <= max_lines / 10 && dropped <= history_length / 10) return;
  if (const int error = write_history(path_.c_str()); error != 0) {
    errno = error;
    throw_errno(fmt::format("cannot shorten line history '{}'", path_));
  }
}

void LineHistory::add(std::string_view line) {
  if (trimmed(line).empty()) return;
  const HIST_ENTRY* newest = history_length > 0 ? history_get(history_base + history_length - 1) : nullptr;
  if (newest != nullptr && line == newest->line) return;
  add_history(std::string(line).c_str());
  if (history_length > max_lines + max_lines / 10) drop_oldest();
  if (!fault_.empty()) return;
  try {
    append(line);
  } catch (const Error& error) {
    fault_ = error.what();
  }
}

void LineHistory::append(std::string_view line) {
  const UniqueFd held = lock(lock_path(path_));
  const UniqueFd file = open_file(path_);
  const off_t end = lseek(file.get(), 0, SEEK_END);
  const std::string record = fmt::format("{}{}\n{}\n", time_mark, std::time(nullptr), line);
  if (write_all(file.get(), record) == record.size()) return;
  const std::string why = with_errno(fmt::format("cannot write line history '{}'", path_));
  if (end >= 0 && ftruncate(file.get(), end) != 0) throw Error(why + "; its last line is incomplete");
  throw Error(why);
}

}  // namespace md2

#include "client/prompt/line_history.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>  // readline's headers need FILE
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>

#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/paths.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr char mark = '\x1e';

/// What is over the limits is dropped in portions, so that not every start writes the whole file.
constexpr std::size_t slack = 10;  ///< per cent

bool begins_record(std::string_view line) {
  return line.size() > 1 && line[0] == mark && line[1] >= '0' && line[1] <= '9';
}

UniqueFd open_file(const std::string& path, int flags = 0) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | flags, 0600));
  if (!fd || fchmod(fd.get(), 0600) != 0) throw_errno(fmt::format("cannot open line history '{}'", path));
  return fd;
}

/// The newest bytes of the file, twice as many as may be in it.
std::string read_newest(const std::string& path) {
  const UniqueFd fd = open_file(path);
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) throw_errno(fmt::format("cannot read line history '{}'", path));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const std::uint64_t begin = size > 2 * LineHistory::max_bytes ? size - 2 * LineHistory::max_bytes : 0;
  std::string contents(static_cast<std::size_t>(size - begin), '\0');
  const auto count = read_at(fd.get(), begin, contents.data(), contents.size());
  if (count < 0) throw_errno(fmt::format("cannot read line history '{}'", path));
  contents.resize(static_cast<std::size_t>(count));
  return contents;
}

/// Where in `contents` the records begin.
std::vector<std::size_t> find_records(std::string_view contents) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < contents.size();) {
    if (begins_record(contents.substr(at))) begins.push_back(at);
    const std::size_t newline = contents.find('\n', at);
    at = newline == std::string_view::npos ? contents.size() : newline + 1;
  }
  return begins;
}

/// Takes each mark at the beginning of a line twice; strip_marks is the inverse.
std::string double_marks(std::string_view text) {
  std::string doubled;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == mark && (at == 0 || text[at - 1] == '\n')) doubled += mark;
    doubled += text[at];
  }
  return doubled;
}

std::string strip_marks(std::string_view text) {
  std::string stripped;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == mark && (at == 0 || text[at - 1] == '\n')) continue;
    stripped += text[at];
  }
  return stripped;
}

/// What was typed, from its record.
std::string text_of(std::string_view record) {
  record.remove_prefix(std::min(record.find('\n'), record.size() - 1) + 1);
  if (record.ends_with('\n')) record.remove_suffix(1);
  return strip_marks(record);
}

void drop_oldest(std::size_t count) {
  for (; count > 0; --count) free_history_entry(remove_history(0));
}

}  // namespace

LineHistory::LineHistory(std::string path) : path_(std::move(path)) {
  using_history();
  clear_history();
  try {
    load();
  } catch (const Error& error) {
    fault_ = error.what();
  }
  using_history();  // the place where Up begins: behind the newest line
}

void LineHistory::load() {
  make_folders(folder_of(path_));
  const UniqueFd held = lock(path_ + ".lock");
  const std::string contents = read_newest(path_);
  const std::vector<std::size_t> begins = find_records(contents);
  std::size_t first = begins.size() > max_lines ? begins.size() - max_lines : 0;
  while (first < begins.size() && contents.size() - begins[first] > max_bytes) ++first;

  for (std::size_t i = first; i < begins.size(); ++i) {
    const std::size_t end = i + 1 < begins.size() ? begins[i + 1] : contents.size();
    const std::string text = text_of(std::string_view(contents).substr(begins[i], end - begins[i]));
    if (!text.empty()) add_history(text.c_str());
  }
  const bool far_over = first > max_lines * slack / 100 || contents.size() > max_bytes + max_bytes * slack / 100;
  if (far_over) replace(std::string_view(contents).substr(first < begins.size() ? begins[first] : contents.size()));
}

void LineHistory::replace(std::string_view contents) const {
  const std::string temporary = path_ + ".new";
  const UniqueFd file = open_file(temporary, O_TRUNC);
  if (write_all(file.get(), contents) != contents.size() || fdatasync(file.get()) != 0 ||
      rename(temporary.c_str(), path_.c_str()) != 0) {
    throw_errno(fmt::format("cannot shorten line history '{}'", path_));
  }
}

void LineHistory::add(std::string_view line) {
  if (trimmed(line).empty()) return;
  const HIST_ENTRY* newest = history_length > 0 ? history_get(history_base + history_length - 1) : nullptr;
  if (newest != nullptr && line == newest->line) return;
  add_history(std::string(line).c_str());
  const auto length = static_cast<std::size_t>(history_length);
  if (length > max_lines + max_lines * slack / 100) drop_oldest(length - max_lines);
  using_history();
  if (!fault_.empty()) return;
  try {
    append(line);
  } catch (const Error& error) {
    fault_ = error.what();
  }
}

void LineHistory::append(std::string_view line) const {
  const UniqueFd held = lock(path_ + ".lock");
  const UniqueFd file = open_file(path_);
  const off_t end = lseek(file.get(), 0, SEEK_END);
  char last = '\n';
  if (end > 0) read_at(file.get(), static_cast<std::uint64_t>(end) - 1, &last, 1);
  const std::string record =
      fmt::format("{}{}{}\n{}\n", last == '\n' ? "" : "\n", mark, std::time(nullptr), double_marks(line));
  if (write_all(file.get(), record) == record.size()) return;
  const std::string why = with_errno(fmt::format("cannot write line history '{}'", path_));
  if (end >= 0 && ftruncate(file.get(), end) != 0) throw Error(why + "; its last line is incomplete");
  throw Error(why);
}

}  // namespace md2

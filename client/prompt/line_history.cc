#include "client/prompt/line_history.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>  // readline's headers need FILE
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include <algorithm>
#include <ctime>
#include <utility>
#include <vector>

#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/os/paths.h"
#include "common/text/lines.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr char mark = '\x1e';

/// What is over the limits is dropped in portions, so that not every start writes the whole file.
constexpr std::size_t slack = 10;  ///< per cent

bool begins_record(std::string_view line) {
  return line.size() > 1 && line[0] == mark && line[1] >= '0' && line[1] <= '9';
}

UniqueFd open_file(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (!fd || fchmod(fd.get(), 0600) != 0) throw_errno(tr("cannot open line history '{}'", path));
  return fd;
}

struct Record {
  std::size_t begin;  ///< in the file's contents
  std::string text;   ///< what was typed
};

std::vector<Record> find_records(std::string_view contents) {
  std::vector<Record> records;
  bool first = false;  // of the lines of its text
  if (contents.ends_with('\n')) contents.remove_suffix(1);
  for (std::string_view line : Lines(contents)) {
    if (begins_record(line)) {
      records.push_back({static_cast<std::size_t>(line.data() - contents.data()), {}});
      first = true;
    } else if (!records.empty()) {
      if (!std::exchange(first, false)) records.back().text += '\n';
      if (line.starts_with(mark)) line.remove_prefix(1);
      records.back().text += line;
    }
  }
  return records;
}

}  // namespace

std::string line_history_of(const std::string& diary_name) {
  return state_folder() + (diary_name.empty() ? "/history" : "/history." + diary_name);
}

LineHistory::LineHistory(std::string path) : path_(std::move(path)) {
  using_history();
  clear_history();
  stifle_history(max_lines);
  try {
    load();
  } catch (const Error& error) {
    give_up(error.what());
  }
  using_history();  // the place where Up begins: behind the newest line
}

void LineHistory::load() {
  make_folders(folder_of(path_));
  const UniqueFd held = lock_file(path_ + ".lock", Wait::yes);
  const UniqueFd file = open_file(path_);
  const FileName name{tr_later("line history"), path_};
  const std::uint64_t size = size_of(file.get(), name);
  const std::uint64_t newest = std::min<std::uint64_t>(size, 2 * max_bytes);
  const std::string contents = read_at(file.get(), size - newest, newest, name);
  const std::vector<Record> records = find_records(contents);
  std::size_t first = records.size() > max_lines ? records.size() - max_lines : 0;
  while (first < records.size() && contents.size() - records[first].begin > max_bytes) ++first;
  for (std::size_t i = first; i < records.size(); ++i) {
    if (!records[i].text.empty()) add_history(records[i].text.c_str());
  }
  const bool far_over = first > max_lines * slack / 100 || contents.size() > max_bytes + max_bytes * slack / 100;
  if (!far_over) return;
  NewFile shorter = NewFile::beside(path_);
  shorter.append(std::string_view(contents).substr(first < records.size() ? records[first].begin : contents.size()));
  shorter.replace(path_);
}

void LineHistory::add(std::string_view line) {
  if (trimmed(line).empty()) return;
  const HIST_ENTRY* newest = history_length > 0 ? history_get(history_base + history_length - 1) : nullptr;
  if (newest != nullptr && line == newest->line) return;
  add_history(std::string(line).c_str());
  using_history();
  if (path_.empty()) return;
  try {
    append(line);
  } catch (const Error& error) {
    give_up(error.what());
  }
}

void LineHistory::give_up(const std::string& fault) {
  fault_ = fault;
  path_.clear();
}

void LineHistory::append(std::string_view line) const {
  const UniqueFd held = lock_file(path_ + ".lock", Wait::yes);
  const UniqueFd file = open_file(path_);
  const FileName name{tr_later("line history"), path_};
  const std::uint64_t end = size_of(file.get(), name);
  char last = '\n';
  if (end > 0) read_at(file.get(), end - 1, &last, 1, name);
  std::string record = fmt::format("{}{}{}", last == '\n' ? "" : "\n", mark, std::time(nullptr));
  for (const std::string_view one : Lines(line)) {
    record += '\n';
    if (one.starts_with(mark)) record += mark;
    record += one;
  }
  record += '\n';
  if (write_all(file.get(), record) == record.size()) return;
  const std::string why = with_errno(tr("cannot write line history '{}'", path_));
  if (ftruncate(file.get(), static_cast<off_t>(end)) != 0) throw Error(tr("{}; its last line is incomplete", why));
  throw Error(why);
}

}  // namespace md2

#include "tests/sim/states.h"

#include <algorithm>

#include "common/net/message.h"
#include "common/text/lines.h"
#include "server/cursor.h"
#include "tests/sim/as_corrected.h"

namespace md2::sim {
namespace {

std::string without_any_return(std::string text) {
  std::erase(text, '\r');
  return text;
}

}  // namespace

void States::note(const std::vector<int>& servers) {
  std::erase_if(seen_, [](const Seen& seen) { return seen.file.expired(); });
  for (const std::string& diary : diaries_) {
    const InodePtr file = files_.find(diary);
    if (kept_) keep(file ? file->now.bytes : "");
    const auto same = [&](const Seen& seen) { return seen.file.lock() == file; };
    if (file && std::none_of(seen_.begin(), seen_.end(), same)) seen_.push_back({file, {}});
  }
  for (Seen& seen : seen_) note_lines(seen);
  if (!kept_) return;
  for (const int server : servers) {
    for (const InodePtr& file : files_.held_by(server)) keep(file->now.bytes);
  }
}

void States::note_lines(Seen& seen) {
  const InodePtr file = seen.file.lock();
  if (file->now.bytes == seen.bytes) return;
  seen.bytes = file->now.bytes;
  if (!seen.bytes.ends_with('\n')) unfinished_.insert(seen.bytes.substr(seen.bytes.rfind('\n') + 1));
  for (const std::string_view line : Lines(seen.bytes)) {
    if (lines_.find(line) == lines_.end()) lines_.emplace(line);
  }
}

void States::keep(const std::string& bytes) {
  if (std::find(states_.rbegin(), states_.rend(), bytes) == states_.rend()) states_.push_back(bytes);
}

bool States::was(const std::string& answer, bool corrected) const {
  const auto is_answer = [&](const std::string& state) { return state == answer; };
  // Of two copies of a correction that differ in their line ends either may be shown.
  const auto is_corrected = [wanted = without_any_return(answer)](const std::string& state) {
    return without_any_return(as_corrected(state)) == wanted;
  };
  return corrected ? std::any_of(states_.rbegin(), states_.rend(), is_corrected)
                   : std::any_of(states_.rbegin(), states_.rend(), is_answer);
}

bool States::had_line(const std::string& line, std::size_t first) const {
  const bool whole = lines_.contains(line) || ledger_.has_line(line) ||
                     std::any_of(unfinished_.begin(), unfinished_.end(),
                                 [&](const std::string& begin) { return lines_.contains(begin + line); });
  if (whole || ends_line(line, longest_last_line)) return true;
  first = std::min(first, line.size());
  return begins_line(line.substr(0, first)) && ends_line(line.substr(first - std::min(first, checked_length)), 0);
}

bool States::begins_line(std::string_view bytes) const {
  const auto next = lines_.lower_bound(bytes);
  return next != lines_.end() && next->starts_with(bytes);
}

bool States::ends_line(std::string_view bytes, std::size_t longer_than) const {
  return std::any_of(lines_.begin(), lines_.end(),
                     [&](const std::string& line) { return line.size() > longer_than && line.ends_with(bytes); });
}

bool States::hold(std::uint64_t offset, const std::string& bytes) const {
  const InodePtr file = files_.find(diaries_[0]);
  return file && offset <= file->now.size() && file->now.bytes.compare(offset, bytes.size(), bytes) == 0;
}

}  // namespace md2::sim

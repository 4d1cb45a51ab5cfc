#include "tests/sim/states.h"

#include <algorithm>

#include "common/text/lines.h"

namespace md2::sim {

void States::note(const std::vector<int>& servers) {
  for (std::size_t i = 0; i < diaries_.size(); ++i) {
    const InodePtr file = files_.find(diaries_[i]);
    if (kept_) keep(file ? file->now.bytes : "");
    if (!file || file->now.bytes == seen_[i]) continue;
    seen_[i] = file->now.bytes;
    if (!seen_[i].ends_with('\n')) unfinished_.insert(seen_[i].substr(seen_[i].rfind('\n') + 1));
    for (const std::string_view line : Lines(seen_[i])) {
      if (lines_.find(line) == lines_.end()) lines_.emplace(line);
    }
  }
  if (!kept_) return;
  for (const int server : servers) {
    for (const InodePtr& file : files_.held_by(server)) keep(file->now.bytes);
  }
}

void States::keep(const std::string& bytes) {
  if (std::find(states_.rbegin(), states_.rend(), bytes) == states_.rend()) states_.push_back(bytes);
}

bool States::was(const std::string& answer) const {
  return std::find(states_.begin(), states_.end(), answer) != states_.end();
}

bool States::had_line(const std::string& line) const {
  return lines_.contains(line) || ledger_.has_line(line) ||
         std::any_of(unfinished_.begin(), unfinished_.end(),
                     [&](const std::string& begin) { return lines_.contains(begin + line); });
}

bool States::hold(std::uint64_t offset, const std::string& bytes) const {
  const InodePtr file = files_.find(diaries_[0]);
  return file && offset <= file->now.size() && file->now.bytes.compare(offset, bytes.size(), bytes) == 0;
}

}  // namespace md2::sim

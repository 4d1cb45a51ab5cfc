#include "server/diary/closed_times.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <tuple>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/text/lines.h"

namespace md2 {
namespace {

bool is_before(Timestamp one, Timestamp other) {
  return std::tuple(one.micros, one.offset_minutes) < std::tuple(other.micros, other.offset_minutes);
}

}  // namespace

ClosedTimes::ClosedTimes(const std::string& diary) {
  const std::string path = diary + ".purged";
  const FileName name{tr_later("the times that were purged"), path};
  const UniqueFd fd(disk().open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd && errno == ENOENT) return;
  if (!fd) throw_errno(tr("cannot open {}", name.text()));
  const std::string text = read_at(fd.get(), 0, size_of(fd.get(), name), name);
  std::vector<Timestamp> times;
  for (const std::string_view line : Lines(text)) {
    if (const auto time = parse_timestamp(line)) times.push_back(*time);
  }
  add(std::move(times));
}

void ClosedTimes::add(std::vector<Timestamp> times) {
  times_.insert(times_.end(), times.begin(), times.end());
  std::sort(times_.begin(), times_.end(), is_before);
  times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
  times_.shrink_to_fit();
}

void ClosedTimes::bring_to(const std::string& diary) {
  ClosedTimes there(diary);
  const std::size_t known = there.size();
  add(std::move(there.times_));
  if (times_.size() != known) keep(diary);
}

bool ClosedTimes::hold(Timestamp time) const {
  return std::binary_search(times_.begin(), times_.end(), time, is_before);
}

void ClosedTimes::keep(const std::string& diary) const {
  std::string text;
  text.reserve(times_.size() * (timestamp_length + 1));
  for (const Timestamp time : times_) text.append(to_string(time)) += '\n';
  NewFile file = NewFile::beside(diary + ".purged");
  file.append(text);
  file.replace(diary + ".purged");
}

}  // namespace md2

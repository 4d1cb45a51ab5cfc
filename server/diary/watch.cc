#include "server/diary/watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <utility>

#include "common/os/disk.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto grace = 1s;  ///< for an editor to bring the name back

constexpr std::uint32_t done = IN_CLOSE_WRITE | IN_MOVED_TO;
constexpr std::uint32_t of_file = IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF;
constexpr std::uint32_t of_folder = done | IN_MOVED_FROM | IN_CREATE | IN_DELETE;

}  // namespace

Watch::Watch(std::string path) : path_(std::move(path)), fd_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  watch_all();
  due_ = Time{};  // the diary was opened before
}

/// Watches what has the path now, and no longer what had it. True when that is something else.
bool Watch::watch(int& watch, const std::string& path, std::uint32_t mask) {
  const int before = std::exchange(watch, inotify_add_watch(fd_.get(), path.c_str(), mask));
  return watch != before;
}

bool Watch::watch_all() {
  if (!fd_) return false;
  std::vector<int> before{file_};
  for (const Name& name : names_) before.push_back(name.watch);
  bool other = watch(file_, path_, of_file);
  names_.clear();
  for (const std::string& path : {path_, disk().real_path(path_)}) {
    const std::filesystem::path parts = std::filesystem::absolute(path);
    if (!names_.empty() && names_.front().folder == parts.parent_path() && names_.front().name == parts.filename())
      continue;
    names_.push_back({parts.parent_path(), parts.filename(), -1});
    watch(names_.back().watch, names_.back().folder, of_folder);
    other = other || std::find(before.begin(), before.end(), names_.back().watch) == before.end();
  }
  for (const int old : before) {
    const bool kept = old == file_ ||
                      std::any_of(names_.begin(), names_.end(), [old](const Name& name) { return name.watch == old; });
    if (old >= 0 && !kept) inotify_rm_watch(fd_.get(), old);  // EINVAL: it went with its file
  }
  return other;
}

Watch::News Watch::news_of(int watch, std::uint32_t mask, const char* name) const {
  if ((mask & IN_Q_OVERFLOW) != 0) return News::settled;
  if ((mask & IN_IGNORED) != 0) return News::none;  // what has ended it was an event of its own
  const bool ours = watch == file_ || std::any_of(names_.begin(), names_.end(), [&](const Name& one) {
                      return one.watch == watch && (name == nullptr || one.name == name);
                    });
  if (!ours) return News::none;
  return (mask & done) != 0 ? News::settled : News::unsettled;
}

void Watch::note(News news, Time now) {
  if (news == News::settled) due_ = now;
  if (news == News::unsettled && !due_) due_ = now + grace;
}

void Watch::take(Time now) {
  alignas(inotify_event) std::array<char, 4096> events;
  for (ssize_t size = 0; (size = read(fd_.get(), events.data(), events.size())) > 0;) {
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event{};
      std::memcpy(&event, events.data() + at, sizeof event);
      note(news_of(event.wd, event.mask, event.len > 0 ? events.data() + at + sizeof event : nullptr), now);
      at += sizeof event + event.len;
    }
  }
}

void Watch::looked(Time now) {
  due_.reset();
  if (watch_all()) due_ = now;
}

}  // namespace md2

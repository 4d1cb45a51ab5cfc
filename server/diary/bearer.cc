#include "server/diary/bearer.h"

#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "common/os/disk.h"
#include "common/os/error.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto name_pause = 1s;   // for who has taken the name away to put another file there
constexpr auto name_look = 20ms;  // meanwhile
constexpr auto obstacle_pause = 1s;

}  // namespace

bool Bearer::is_another(const DiaryFile& file, Status& status, Time now) {
  const bool there = disk().stat(path_, status) == 0;
  removed_ = !there && errno == ENOENT;
  if (there && file.is(status)) {
    gone_since_.reset();
    obstacle_.clear();
    again_at_ = {};
    return false;
  }
  if (!removed_ || !obstacle_.empty()) {
    gone_since_.reset();
  } else if (!gone_since_) {
    gone_since_ = now;
  }
  if (now < (gone_since_ ? *gone_since_ + name_pause : again_at_)) {
    status = file.status();
    return false;
  }
  gone_since_.reset();
  return true;
}

std::optional<DiaryFile> Bearer::open(Time now) {
  try {
    DiaryFile file(path_);
    obstacle_.clear();
    again_at_ = {};
    return file;
  } catch (const Broken&) {
    throw;
  } catch (const Error& error) {
    obstacle_ = error.what();
    again_at_ = now + obstacle_pause;
    return std::nullopt;
  }
}

std::optional<Bearer::Time> Bearer::next_look(Time now, std::optional<Time> work) const {
  if (is_known()) return work;
  return earlier(awaited() ? now + name_look : again_at_, work);
}

}  // namespace md2

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

Bearer::State Bearer::look(const DiaryFile& file, Status& status, Time now) {
  const bool there = disk().stat(path_, status) == 0;
  removed_ = !there && errno == ENOENT;
  if (!removed_) gone_since_.reset();
  if (there && file.is(status)) {
    obstacle_.clear();
    return State::same;
  }
  if (!obstacle_.empty()) return now < again_at_ ? State::unclear : State::another;
  if (!removed_) return State::another;
  if (!gone_since_) gone_since_ = now;
  if (now - *gone_since_ < name_pause) return State::unclear;
  gone_since_.reset();
  return State::another;
}

std::optional<DiaryFile> Bearer::open(Time now) {
  try {
    DiaryFile file(path_);
    obstacle_.clear();
    return file;
  } catch (const Error& error) {
    obstacle_ = error.what();
    again_at_ = now + obstacle_pause;
    return std::nullopt;
  }
}

std::optional<Bearer::Time> Bearer::next_look(Time now) const {
  if (gone_since_) return now + name_look;
  return obstacle_.empty() ? std::nullopt : std::optional(again_at_);
}

}  // namespace md2

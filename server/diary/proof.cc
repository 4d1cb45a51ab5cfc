#include "server/diary/proof.h"

#include <fcntl.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/os/disk.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/read_ahead.h"
#include "common/text/text.h"
#include "server/diary/round.h"
#include "server/diary/same_entry.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto pause = 1s;          ///< between two comparisons
constexpr int pauses_between = 19;  ///< two comparisons that are wanted; each as long as the first of them
constexpr auto tick = 100ms;        ///< longer than any file system's: before Linux 6.13 up to 10 ms
constexpr std::uint64_t compare_after = std::uint64_t{1} << 20;  ///< bytes; the ring holds some more
constexpr std::size_t proof_read_ahead = std::size_t{64} << 10;

/// `before`: the last bytes before the `place`, at least as many as a byte order mark has where there are so many.
bool line_begins_at(std::uint64_t place, std::string_view before) {
  return place == 0 || before.ends_with('\n') || (place == before.size() && before == byte_order_mark);
}

}  // namespace

Proof::Stamp Proof::stamp_of(const Status& status) {
  return {static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

bool Proof::look(const Status& status, Time now) {
  const Stamp stamp = stamp_of(status);
  if (stamp == stamp_) return false;
  stamp_ = stamp;
  since_ = now;
  proven_ = false;
  return true;
}

bool Proof::knows(int fd) const {
  Status status = {};
  return disk().stat(fd, status) == 0 && knows(status);
}

void Proof::appended(std::uint64_t bytes, const Status& status, Time now) {
  look(status, now);
  bytes_ += bytes;
  proven_ = false;
}

bool Proof::due(Time now) const {
  return now >= next_ || bytes_ >= compare_after || (wanted_ && now >= rested_);
}

std::optional<Proof::Time> Proof::deadline() const {
  if (wanted_) return std::min(rested_, next_);
  return proven_ ? std::nullopt : std::optional(next_);
}

void Proof::compared(Time begin, Time now) {
  wanted_ = false;
  rested_ = now + pauses_between * (now - begin);
  ++comparisons_;
  proven_ = now - since_ >= tick;
  next_ = now + pause;
  bytes_ = 0;
}

bool stands_as_noted(const Ring& ring, int fd, std::uint64_t from) {
  ReadAhead file;
  const auto read = [fd](std::uint64_t offset, char* to, std::size_t size) {
    return read_at(fd, offset, to, size, the_diary);
  };
  std::uint64_t read_to = 0;  // and the line ended there, or not
  bool line_ended = true;
  std::vector<std::string> glued;  // entries that stand behind other text on a line; such a one is appended once more
  const bool all_stand = ring.all([&](const Ring::Note& note) {
    if (note.number < from) return true;
    // A header is one only at the beginning of a line, and whatever ended the one before it may be gone.
    const bool follows = note.place == read_to;
    const std::uint64_t before = follows ? 0 : std::min<std::uint64_t>(note.place, byte_order_mark.size());
    const std::string_view read_now =
        file.read(fd, note.place - before, before + note.bytes.size(), proof_read_ahead, the_diary);
    const std::string_view there = read_now.substr(std::min<std::size_t>(before, read_now.size()));
    // Else it may be what a tool has left of one entry, as an audit has noted it.
    if (there != note.bytes && !stands_at(read, note.place, without_end(note.bytes), {})) return false;
    const bool begins_line = follows ? line_ended : line_begins_at(note.place, read_now.substr(0, before));
    read_to = note.place + there.size();
    line_ended = there.ends_with('\n');
    const std::size_t header = std::min(note.bytes.find_first_not_of('\n'), note.bytes.size());
    const std::string_view first = note.bytes.substr(header, note.bytes.find("\n\n", header) - header);
    if (header > 0 || begins_line) {
      std::erase(glued, first);
    } else {
      glued.emplace_back(first);
    }
    return true;
  });
  return all_stand && glued.empty();
}

bool stands_as_noted(const Ring& ring, const std::string& path) {
  const UniqueFd file(disk().open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  return file && stands_as_noted(ring, file.get());
}

}  // namespace md2

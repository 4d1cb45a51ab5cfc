#include "server/diary/ring.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/os/read_ahead.h"

namespace md2 {
namespace {

constexpr std::string_view format = "md2 ring 1     \n";
constexpr std::size_t mark_size = 16;
constexpr std::uint64_t floor_at = format.size() + mark_size;  ///< of the first number that counts
constexpr std::uint64_t notes_at = floor_at + sizeof(std::uint64_t);
constexpr std::uint64_t end_of_file = notes_at + Ring::capacity;

constexpr std::uint64_t read_size = std::uint64_t{64} << 10;  ///< bytes read at once when all notes are looked at

struct Head {
  std::array<char, mark_size> mark;
  std::uint64_t number;
  std::uint64_t place;
  std::uint64_t boot;
  std::uint64_t appended;  ///< 1; 0: it stood there already
  std::uint64_t length;
  std::uint64_t checksum;  ///< of the fields above and of the bytes
};
static_assert(sizeof(Head) == 64 && std::is_trivially_copyable_v<Head>);

std::uint64_t checksum_of(const Head& head, std::string_view bytes) {
  std::array<char, offsetof(Head, checksum)> fields{};
  std::memcpy(fields.data(), &head, fields.size());
  const std::hash<std::string_view> hash;
  return hash({fields.data(), fields.size()}) * 31 + hash(bytes);
}

/// The head that `bytes` begins with, when it and as many as it says are there.
std::optional<Head> head_of(std::string_view bytes) {
  Head head{};
  if (bytes.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, bytes.data(), sizeof head);
  return head.length <= bytes.size() - sizeof head ? std::optional(head) : std::nullopt;
}

/// True when `bytes` begin with a note that is as it was written.
bool is_whole(std::string_view bytes) {
  const auto head = head_of(bytes);
  return head && checksum_of(*head, bytes.substr(sizeof(Head), head->length)) == head->checksum;
}

/// A note as it stands in the file.
std::string note_of(Head head, std::string_view bytes) {
  head.checksum = checksum_of(head, bytes);
  std::string note(sizeof head, '\0');
  std::memcpy(note.data(), &head, sizeof head);
  note += bytes;
  return note;
}

}  // namespace

Ring::Ring(std::string path) : path_(std::move(path)), boot_(std::hash<std::string>{}(disk().boot_id())) {
  fd_.reset(disk().open(path_, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd_ && errno != ENOENT) throw_errno(tr("cannot open '{}'", path_));
  if (fd_) read();
}

void Ring::read() {
  // No note reaches into the room that was never written to, nor, as it ends with a newline, into a hole that a copy
  // made of its zeros.
  const FileName name{tr_later("ring"), path_};
  const std::uint64_t end = std::clamp(disk().end_of_data(fd_.get()), notes_at, end_of_file);
  const std::string all = read_at(fd_.get(), 0, end, name);
  if (all.size() != end || size_of(fd_.get(), name) < end_of_file || !all.starts_with(format)) {
    fd_.reset();  // it is made anew
    return;
  }
  std::memcpy(mark_.data(), all.data() + format.size(), mark_size);
  std::uint64_t floor = 0;
  std::memcpy(&floor, all.data() + floor_at, sizeof floor);
  const std::string_view mark(mark_.data(), mark_size);
  for (std::size_t at = all.find(mark, notes_at); at != std::string::npos; at = all.find(mark, at + 1)) {
    const std::string_view bytes = std::string_view(all).substr(at);
    const auto head = head_of(bytes);
    if (!head || head->number < floor || !is_whole(bytes)) continue;
    places_.push_back({at, sizeof(Head) + head->length, head->number});
  }
  std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) { return a.number < b.number; });
  next_number_ = std::max(floor, places_.empty() ? 1 : places_.back().number + 1);
  // Behind the last note of a round may stand some of the round before the last: they are no part of the circle.
  int rounds = 0;
  for (std::size_t i = places_.size(); i > 1; --i) {
    if (places_[i - 2].at < places_[i - 1].at || ++rounds < 2) continue;
    places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(i) - 1);
    break;
  }
}

/// A ring without notes. It is to take the name.
NewFile Ring::make() {
  NewFile file = NewFile::beside(path_);
  std::array<char, mark_size> mark{};
  if (disk().entropy(mark.data(), mark_size) != 0) throw_errno(tr("cannot get random bytes"));
  UniqueFd fd(disk().open(file.name(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!fd || disk().reserve(fd.get(), 0, end_of_file) != 0 || disk().ftruncate(fd.get(), end_of_file) != 0) {
    throw_errno(tr("cannot make '{}'", file.name()));
  }
  file.append(format);
  file.append({mark.data(), mark_size});
  fd_ = std::move(fd);
  mark_ = mark;
  places_.clear();
  return file;
}

void Ring::write(std::uint64_t at, std::string_view bytes) {
  errno = ENOSPC;  // unless the call says something else
  synced_ = false;
  if (write_all_at(fd_.get(), at, bytes) == bytes.size()) return;
  sound_ = false;
  throw_errno(tr("cannot write '{}'", path_));
}

void Ring::write_note(std::uint64_t place, std::string_view bytes, bool appended) {
  if (!fd_ || !sound_) write_anew();
  put(next_number_, note_of({mark_, next_number_, place, boot_, appended ? 1U : 0U, bytes.size(), 0}, bytes));
  ++next_number_;
}

/// Where the one before it ended, or at the beginning; notes that stood there are no more.
void Ring::put(std::uint64_t number, std::string_view note) {
  std::uint64_t at = places_.empty() ? notes_at : places_.back().at + places_.back().size;
  if (at + note.size() > end_of_file) {
    while (!places_.empty() && places_.front().at >= at) places_.pop_front();
    at = notes_at;
  }
  const std::uint64_t end = at + note.size();
  while (!places_.empty() && places_.front().at < end && places_.front().at + places_.front().size > at)
    places_.pop_front();
  write(at, note);
  places_.push_back({at, note.size(), number});
}

void Ring::forget_from(std::uint64_t number) {
  const std::array<char, sizeof(Head)> nothing{};
  while (!places_.empty() && places_.back().number >= number) {
    const std::uint64_t at = places_.back().at;
    places_.pop_back();
    write(at, {nothing.data(), nothing.size()});
  }
}

void Ring::forget_before(std::uint64_t number) {
  while (!places_.empty() && places_.front().number < number) places_.pop_front();
  std::array<char, sizeof number> bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  if (fd_) write(floor_at, {bytes.data(), bytes.size()});
}

std::optional<Ring::Note> Ring::parse(std::string_view bytes) const {
  const auto head = head_of(bytes);
  if (!head || head->mark != mark_ || head->place > std::numeric_limits<std::int64_t>::max() / 2) return std::nullopt;
  return Note{head->number, head->place, bytes.substr(sizeof(Head), head->length), head->boot == boot_,
              head->appended != 0};
}

bool Ring::lies_at(const std::string& path) const {
  return path == path_ && (!fd_ || names(path, fd_.get()));
}

void Ring::move_to(const std::string& path) {
  const std::string before = std::exchange(path_, path);
  if (!fd_) return;
  if (before != path && names(before, fd_.get())) left_ = before;
  sound_ = false;  // who starts at `path` would not find it
  write_anew();
}

void Ring::each(const std::function<void(const Note&)>& take) const {
  ReadAhead file;
  for (const Place& place : places_) {
    const std::string_view bytes = file.read(fd_.get(), place.at, place.size, read_size, {tr_later("ring"), path_});
    const auto note = parse(bytes);
    if (note && is_whole(bytes)) take(*note);
  }
}

bool Ring::all(const std::function<bool(const Note&)>& holds) const {
  ReadAhead file;
  return std::all_of(places_.begin(), places_.end(), [&](const Place& place) {
    const std::string_view bytes = file.read(fd_.get(), place.at, place.size, read_size, {tr_later("ring"), path_});
    const auto note = parse(bytes);
    return !note || holds(*note) || !is_whole(bytes);
  });
}

std::optional<Ring::Note> Ring::last(std::string& storage) const {
  if (places_.empty()) return std::nullopt;
  storage = read_at(fd_.get(), places_.back().at, places_.back().size, {tr_later("ring"), path_});
  return is_whole(storage) ? parse(storage) : std::nullopt;
}

void Ring::sync() {
  if (synced_) return;
  if (fd_ && (!sound_ || disk().fdatasync(fd_.get()) != 0)) {
    const int before = fd_.get();
    try {
      write_anew();
    } catch (const Error&) {
      sound_ = fd_.get() == before && write_where_they_stand() && names(path_, before);
      if (!sound_) throw;
    }
  }
  synced_ = true;
}

std::vector<std::string> Ring::notes() const {
  std::vector<std::string> notes;
  notes.reserve(places_.size());
  for (const Place& place : places_)
    notes.push_back(read_at(fd_.get(), place.at, place.size, {tr_later("ring"), path_}));
  return notes;
}

/// What a failed sync leaves in memory is still what was noted, until the system needs the room. It goes to a new file,
/// whose blocks may be better ones, and which takes the name when it holds all: a kill must not find it empty. Until it
/// has the name it is nothing: what is noted in a file without one is lost with this process.
void Ring::write_anew() {
  const std::vector<std::string> notes = this->notes();
  UniqueFd before = std::move(fd_);
  const std::array<char, mark_size> mark = mark_;
  std::deque<Place> places = places_;
  try {
    NewFile file = make();
    for (const std::string& note : notes) {
      auto head = head_of(note);
      if (!head || head->mark != mark || !is_whole(note)) continue;
      head->mark = mark_;
      put(head->number, note_of(*head, std::string_view(note).substr(sizeof(Head))));
    }
    file.replace(path_);
    sound_ = true;
    const std::string left = std::exchange(left_, {});
    if (!left.empty() && before && names(left, before.get())) disk().unlink(left);
  } catch (const Error&) {
    sound_ = false;
    if (fd_ && names(path_, fd_.get())) throw;
    fd_ = std::move(before);
    mark_ = mark;
    places_ = std::move(places);
    throw;
  }
}

/// Where there is no room for a new file. False when they are not on stable storage afterwards.
bool Ring::write_where_they_stand() {
  const std::vector<std::string> notes = this->notes();
  for (std::size_t i = 0; i < notes.size(); ++i) {
    if (write_all_at(fd_.get(), places_[i].at, notes[i]) != notes[i].size()) return false;
  }
  return disk().fdatasync(fd_.get()) == 0;
}

}  // namespace md2

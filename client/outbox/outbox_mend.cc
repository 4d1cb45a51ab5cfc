// What Outbox does when another program has changed its files.
#include <fmt/format.h>

#include <limits>
#include <unordered_map>
#include <utility>

#include "client/outbox/outbox.h"
#include "common/diary/entry.h"
#include "common/diary/file_items.h"
#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

constexpr std::size_t write_size = std::size_t{256} << 10;

/// How many entries with this check are still to be found.
using Missing = std::unordered_map<std::uint32_t, std::size_t>;

bool take_one(Missing& missing, std::uint32_t check) {
  const auto found = missing.find(check);
  if (found == missing.end()) return false;
  if (--found->second == 0) missing.erase(found);
  return true;
}

std::size_t sum(const Missing& missing) {
  std::size_t count = 0;
  for (const auto& [check, times] : missing) count += times;
  return count;
}

/// A new outbox file that is filled entry by entry.
class Rescue {
 public:
  Rescue(OutboxFile disk, std::uint64_t first_id) : disk_(std::move(disk)), index_(first_id) {}

  /// What does not come to its end leaves nothing.
  ~Rescue() {
    if (!done_) disk_.unlink();
  }

  void add(std::string_view entry) {
    bytes_ += entry;
    index_.add(entry.size(), true, check_of(entry));
    if (bytes_.size() >= write_size) flush();
  }

  /// False when there was nothing to take.
  bool finish() {
    flush();
    if (index_.waiting() == 0) return false;
    disk_.sync();
    done_ = true;
    return true;
  }

  OutboxFile& disk() { return disk_; }
  OutboxIndex& index() { return index_; }

 private:
  void flush() {
    disk_.append(bytes_, index_.end() - bytes_.size());
    bytes_.clear();
  }

  OutboxFile disk_;
  OutboxIndex index_;
  std::string bytes_;
  bool done_ = false;
};

}  // namespace

bool Outbox::look(Look where) {
  std::vector<std::pair<const File*, std::uint64_t>> files;
  if (where == Look::at_files) {
    const std::lock_guard lock(mutex_);
    for (const File& file : files_) {
      if (file.index.waiting() > 0 && !file.suspect) files.emplace_back(&file, file.index.end());
    }
  }
  for (const auto& [file, end] : files) {
    try {
      if (file->disk.reaches(end)) continue;
    } catch (const Error&) {  // mend() looks more closely
    }
    suspect(*file);
  }
  return found_.exchange(false);
}

Outbox::Mended Outbox::mend() {
  std::vector<File*> files;
  {
    const std::lock_guard lock(mutex_);
    for (File& file : files_) {
      file.held = file.suspect || file.index.waiting() > 0;
      if (file.held) files.push_back(&file);
    }
  }
  Mended mended;
  for (File* const file : files) {
    std::vector<OutboxIndex::Place> places;
    std::uint64_t end = 0;
    {
      const std::lock_guard lock(mutex_);
      places = file->index.places();
      end = file->index.end();
    }
    bool intact = false;
    try {
      intact = file->disk.reaches(end);
    } catch (const Error&) {  // then it is not
    }
    ReadAhead window;
    for (std::size_t i = 0; intact && i < places.size(); ++i) intact = read(*file, places[i], end, window).has_value();
    if (!intact && !places.empty()) mend(*file, places, mended);
    const std::lock_guard lock(mutex_);
    file->suspect = file->held = false;
  }
  return mended;
}

void Outbox::mend(File& file, const std::vector<OutboxIndex::Place>& places, Mended& mended) {
  const std::lock_guard naming(naming_);  // or a diary that is met meanwhile would not give the new file its name
  std::size_t lost = 0;
  std::string trouble;
  try {
    Missing missing;
    for (const OutboxIndex::Place& place : places) ++missing[place.check];
    Rescue rescue(OutboxFile::make(folder_, identity_.empty() ? name_ : identity_), next_id_);
    each_item(file.disk.fd(), 0, std::numeric_limits<std::uint64_t>::max(), [&](const EntryReader::Item& item) {
      if (!decode(item.raw)) return;
      rescue.add(item.raw);
      take_one(missing, check_of(item.raw));
    });
    for (const std::string& entry : recent_) {
      if (take_one(missing, check_of(entry))) rescue.add(entry);
    }
    const bool any = rescue.finish();
    lost = sum(missing);
    empty(file);
    if (any) take_over(std::move(rescue.disk()), std::move(rescue.index()));
  } catch (const Error& error) {
    lost = give_up(file, places);
    trouble = fmt::format(" ({})", error.what());
  }
  mended.lost += lost;
  const std::string gone = lost == 0 ? tr("nothing that waited in it is lost")
                                     : trn(lost, "{} of {} entries that waited in it is gone",
                                           "{} of {} entries that waited in it are gone", lost, places.size());
  mended.notices.push_back(tr("outbox '{}' was changed by another program while md2client had it{}: {}{}",
                              file.disk.path(), trouble, gone,
                              lost < places.size() ? tr("; what is left goes out") : ""));
}

/// What waited in the file is elsewhere or nowhere.
void Outbox::empty(File& file) {
  const std::lock_guard lock(mutex_);
  while (const auto place = file.index.find(0)) file.index.remove(place->id);
  file.state = State::damaged;
}

/// A file of rescued entries goes behind all others, and further ones go to it as well.
void Outbox::take_over(OutboxFile disk, OutboxIndex index) {
  const std::lock_guard lock(mutex_);
  if (files_.back().own()) files_.back().state = State::closed;
  next_id_ = index.next_id();
  const std::uint64_t first_id = index.find(0)->id;
  files_.push_back({std::move(disk), std::move(index), first_id, State::open});
}

/// No new file can be made: what still stands in its place goes out from there. Returns how many do not.
std::size_t Outbox::give_up(File& file, const std::vector<OutboxIndex::Place>& places) {
  std::size_t lost = 0;
  ReadAhead window;
  for (const OutboxIndex::Place& place : places) {
    if (read(file, place, place.offset + place.length, window)) continue;
    const std::lock_guard lock(mutex_);
    file.index.remove(place.id);
    ++lost;
  }
  const std::lock_guard lock(mutex_);
  file.state = State::damaged;
  return lost;
}

}  // namespace md2

#include "client/outbox/outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/net/server_name.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/paths.h"

// Who touches what outside the lock: the main thread appends to the last file, and makes it. The link thread adopts
// files before it, reads bytes that were written before it could learn of them, and only it drops files. So the `disk`
// of a File needs no lock, but for one thing: a file must not be dropped while put() appends to it. That is what
// State::appending is for.

namespace md2 {
namespace {

constexpr std::size_t window_size = std::size_t{64} << 10;

/// Own files are used up to this size: a new one costs one more sync, a large one more work after a kill.
constexpr std::uint64_t use_up_to = std::uint64_t{1} << 20;

/// Memory for what was put last: all that a person has typed lately.
constexpr std::size_t recent_size = std::size_t{1} << 20;

}  // namespace

Outbox::Outbox(std::string folder, std::string server, std::optional<OutboxFile> claimed)
    : folder_(std::move(folder)),
      server_(std::move(server)),
      called_(server_.starts_with('/') ? "" : server_),
      name_(server_name(server_)) {
  make_folders(folder_);
  try {
    known_.emplace(folder_);
    remembered_ = known_->identity_of(name_);
  } catch (const Error& error) {
    notices_.emplace_back(error.what());
  }
  if (claimed) {
    claimed_ = claimed->path();
    Adopted adopted;
    adopt(*std::move(claimed), adopted, notices_);
    entries_claimed_ = adopted.entries;
  }
  adopt_left(remembered_, notices_);
}

Outbox::~Outbox() {
  for (File& file : files_) {
    if (file.index.waiting() == 0) {
      retire(file);
    } else if (file.index.any_gone() && file.state != State::damaged) {
      tidy(file);
    }
  }
}

void Outbox::put(const std::vector<std::string>& encoded, std::uint64_t heard) {
  std::string bytes;
  for (const std::string& entry : encoded) bytes += entry;
  if (bytes.empty()) return;
  const std::lock_guard naming(naming_);
  File* file = nullptr;
  try {
    file = &file_to_append();
    file->disk.append(bytes, file->index.end());
  } catch (const Error& error) {
    if (File* const kept = appended_file()) set_state(*kept, State::open);
    throw Error(tr("{}; what was just entered is not kept", error.what()));
  }
  const std::lock_guard lock(mutex_);
  for (const std::string& entry : encoded) file->index.add(entry.size(), false, check_of(entry), heard);
  next_id_ = file->index.next_id();
  remember(encoded);
}

void Outbox::remember(const std::vector<std::string>& encoded) {
  for (const std::string& entry : encoded) {
    recent_bytes_ += entry.size();
    recent_.push_back(entry);
    for (; recent_bytes_ > recent_size; recent_.pop_front()) recent_bytes_ -= recent_.front().size();
  }
}

void Outbox::sync() {
  const std::lock_guard naming(naming_);  // the reason of a failure names the file
  File* const file = appended_file();
  if (file == nullptr) return;
  try {
    file->disk.sync();
    set_state(*file, State::open);
  } catch (const Error& error) {
    set_state(*file, State::closed);
    throw NotDurable(
        tr("{}; what was just entered goes to the server all the same, but until it is saved there it is not "
           "safe from a power cut",
           error.what()));
  }
}

/// The file that put() has written to and that is not synced yet.
Outbox::File* Outbox::appended_file() {
  const std::lock_guard lock(mutex_);
  return !files_.empty() && files_.back().state == State::appending ? &files_.back() : nullptr;
}

void Outbox::set_state(File& file, State state) {
  const std::lock_guard lock(mutex_);
  file.state = state;
}

/// The end of a file whose entries are all saved. What another program has added to it waits for the next client.
void Outbox::retire(const File& file) {
  if (file.state == State::damaged) return file.disk.set_aside();
  try {
    if (file.disk.reaches(file.index.end() + 1)) return;
  } catch (const Error&) {
    return;
  }
  file.disk.unlink();
}

/// All in it is saved, and it is large: the next put() goes to a new one.
bool Outbox::used_up(const File& file) {
  return file.index.waiting() == 0 && file.index.end() >= use_up_to;
}

/// The file of this client, made when there is none or when it is not to be trusted any more. From here on it is not
/// dropped until sync() is done.
Outbox::File& Outbox::file_to_append() {
  if (File* const own = own_file()) return *own;
  if (identity_.empty() && nobody_to_meet_) identity_ = remembered_;
  OutboxFile disk = OutboxFile::make(folder_, identity_.empty() ? name_ : identity_);
  const std::lock_guard lock(mutex_);
  files_.push_back({std::move(disk), OutboxIndex(next_id_), next_id_, State::appending});
  return files_.back();
}

Outbox::File* Outbox::own_file() {
  File* file = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (files_.empty() || !files_.back().own()) return nullptr;
    file = &files_.back();
    if (used_up(*file)) {  // remove() found it in use, because its last entry was saved before it was synced
      file->state = State::closed;
      return nullptr;
    }
    file->state = State::appending;
  }
  if (file->disk.unchanged(file->index.end())) return file;
  set_state(*file, State::closed);  // what waits in it is still read through the descriptor
  found_ = true;
  return nullptr;
}

std::size_t Outbox::waiting() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const File& file : files_) count += file.index.waiting();
  return count;
}

std::optional<Outbox::Item> Outbox::get(std::uint64_t id) const {
  for (;;) {
    const File* found = nullptr;
    std::optional<OutboxIndex::Place> place;
    std::uint64_t end = 0;
    {
      const std::lock_guard lock(mutex_);
      for (const File& file : files_) {
        if (file.suspect) continue;
        place = file.index.find(id);
        if (!place) continue;
        found = &file;
        end = file.index.end();
        break;
      }
    }
    if (!place) return std::nullopt;
    if (auto bytes = read(*found, *place, end, window_))
      return Item{place->id, *std::move(bytes), place->in_doubt, place->heard};
    suspect(*found);
  }
}

void Outbox::suspect(const File& file) const {
  const std::lock_guard lock(mutex_);
  file.suspect = true;
  found_ = true;
}

/// `end`: the bytes before it are there to stay until the file goes, and that takes the window away, too. Nothing when
/// they are not what was put.
std::optional<std::string> Outbox::read(const File& file, const OutboxIndex::Place& place, std::uint64_t end,
                                        ReadAhead& window) {
  const std::size_t ahead = std::min<std::uint64_t>(window_size, end - place.offset);
  try {
    const std::string_view bytes = file.disk.read(place.offset, place.length, ahead, window);
    if (bytes.size() == place.length && check_of(bytes) == place.check) return std::string(bytes);
  } catch (const Error&) {
    return std::nullopt;  // a disk that does not give it back has it no more than one that never had it
  }
  window.forget();
  return std::nullopt;
}

Outbox::File* Outbox::file_of(std::uint64_t id) {
  for (File& file : files_) {
    if (id < file.index.next_id()) return &file;
  }
  return nullptr;
}

void Outbox::mark_sent(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  if (File* const file = file_of(id)) file->index.mark_sent(id);
}

void Outbox::told(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  if (File* const file = file_of(id)) file->index.remove(id);
}

void Outbox::remove(std::uint64_t id) {
  std::list<File> done;
  {
    const std::lock_guard lock(mutex_);
    if (File* const file = file_of(id)) file->index.remove(id);
    for (auto file = files_.begin(); file != files_.end();) {
      const auto next = std::next(file);
      const bool in_use =
          file->held || file->state == State::appending || (file->state == State::open && !used_up(*file));
      if (file->index.waiting() == 0 && !in_use) done.splice(done.end(), files_, file);
      file = next;
    }
    if (done.empty()) return;
    window_.forget();
  }
  for (const File& file : done) retire(file);
  try {
    sync_folder_of(done.front().disk.path());
  } catch (const Error&) {
    // A name that a power cut brings back holds entries in doubt: the server keeps one of each.
  }
}

/// Leaves a file with just the entries that wait; where that is much, the saved ones among them are no great part and
/// stay. They also stay after a failure: all are adopted, in doubt.
void Outbox::tidy(File& file) {
  std::string waiting;
  try {
    for (auto place = file.index.find(0); place; place = file.index.find(place->id + 1)) {
      const auto entry = read(file, *place, file.index.end(), window_);
      if (!entry) return;
      waiting += *entry;
      if (waiting.size() > use_up_to) return;
    }
    file.disk.replace(waiting);
  } catch (const Error&) {
    // See above: nothing is lost by it.
  }
}

}  // namespace md2

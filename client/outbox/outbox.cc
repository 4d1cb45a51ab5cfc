#include "client/outbox/outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "client/outbox/outbox_scan.h"
#include "client/outbox/waiting_elsewhere.h"
#include "common/diary/identity.h"
#include "common/net/server_name.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/paths.h"

// Who touches what outside the lock: the main thread appends to the last file, and only it adds files. The link thread
// reads bytes that were synced before it could learn of them, and only it drops files. So the `disk` of a File needs no
// lock, but for one thing: a file must not be dropped while put() appends to it. That is what State::appending is for.

namespace md2 {
namespace {

constexpr std::size_t window_size = std::size_t{64} << 10;

/// Own files are used up to this size: a new one costs one more sync, a large one more work after a kill.
constexpr std::uint64_t use_up_to = std::uint64_t{1} << 20;

/// Memory for what was put last: all that a person has typed lately.
constexpr std::size_t recent_size = std::size_t{1} << 20;

std::string count_of(std::size_t entries) {
  return fmt::format("{} {}", entries, entries == 1 ? "entry" : "entries");
}

}  // namespace

Outbox::Outbox(std::string folder, std::string server, std::optional<OutboxFile> claimed)
    : folder_(std::move(folder)), server_(std::move(server)), name_(server_name(server_)) {
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

/// Of what clients that died have left: it goes to this diary (empty: none is known) at our address.
bool Outbox::is_for(const std::string& diary, const std::string& recipient) const {
  return recipient == name_ || (!diary.empty() && recipient == diary);
}

/// Who left something before knowing a diary meant the one that then was known at this address.
void Outbox::adopt_left(const std::string& diary, std::vector<std::string>& notices) {
  Adopted adopted;
  for (const std::string& path : OutboxFile::list(folder_)) {
    if (!is_for(diary, OutboxFile::recipient_of(path))) continue;
    try {
      std::optional<OutboxFile> left = OutboxFile::adopt(path);
      if (!left) continue;
      if (!diary.empty() && left->recipient() != diary) {  // synced before anything is sent
        names_synced_ = !left->bind(diary) && names_synced_;
      }
      adopt(*std::move(left), adopted, notices);
    } catch (const Error& error) {
      notices.push_back(fmt::format("what an earlier md2client left in '{}' stays there: {}", path, error.what()));
    }
  }
  if (!adopted.paths.empty()) notices.push_back(told_of(adopted));
}

/// Takes over a file that is locked by us: its entries go out before all that was or will be put.
void Outbox::adopt(OutboxFile left, Adopted& adopted, std::vector<std::string>& notices) {
  OutboxScan scan = scan_outbox(left, next_adopted_id_);
  if (!scan.notice.empty()) notices.push_back(scan.notice);
  File file{std::move(left), std::move(scan.index), next_adopted_id_, scan.damaged ? State::damaged : State::closed};
  if (file.index.waiting() == 0) return retire(file);
  adopted.entries += file.index.waiting();
  adopted.paths.push_back(file.disk.path());
  const std::lock_guard lock(mutex_);
  next_adopted_id_ = file.index.next_id();
  const auto own = std::find_if(files_.begin(), files_.end(), [](const File& other) { return !other.is_adopted(); });
  files_.insert(own, std::move(file));
}

std::string Outbox::told_of(const Adopted& adopted) const {
  const std::string where = adopted.paths.size() == 1
                                ? fmt::format("'{}'", adopted.paths.front())
                                : fmt::format("{} outboxes below '{}'", adopted.paths.size(), folder_);
  const char* const what = adopted.entries == 1 ? "was" : "were";
  const char* const then = adopted.entries == 1 ? "if it is not in the diary yet, it goes out now"
                                                : "those that are not in the diary yet go out now";
  return fmt::format("{} that an earlier md2client left {} found in {}; {}", count_of(adopted.entries), what, where,
                     then);
}

bool Outbox::meet(const std::string& identity, std::vector<std::string>& notices) {
  {
    const std::lock_guard lock(naming_);
    if (identity_.empty()) identity_ = identity;
    if (identity_ != identity) return false;
    if (!met_) release_others();
    bind_all(true);
  }
  if (!std::exchange(met_, true)) first_meeting(identity, notices);
  return true;
}

void Outbox::meet_nobody(std::vector<std::string>& notices) {
  std::string diary = remembered_;
  {
    const std::lock_guard lock(naming_);
    nobody_to_meet_ = true;
    if (identity_.empty() && own_entries_wait()) identity_ = remembered_;
    if (!identity_.empty()) diary = identity_;
    try {
      if (!identity_.empty()) bind_all(false);
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
      // Nothing is sent without a further attempt.
    }
  }
  tell_of_others(diary, notices);
}

/// Gives all files the name of the diary that they are for from now on, before a byte of them is sent to it. What is
/// claimed stays whose it was until that diary has answered.
void Outbox::bind_all(bool answered) {
  for (File& file : files_) {
    const bool claimed = file.disk.path() == claimed_;
    const std::string recipient = file.disk.recipient();
    const bool free = claimed ? answered : !is_diary_identity(recipient);
    if (recipient == identity_ || !free) continue;
    names_synced_ = !file.disk.bind(identity_) && names_synced_;
  }
  if (answered) claimed_.clear();
  sync_names();
}

/// Lets go what was adopted for the diary that used to answer here.
void Outbox::release_others() {
  std::list<File> others;
  const std::lock_guard lock(mutex_);
  for (auto file = files_.begin(); file != files_.end();) {
    const auto next = std::next(file);
    const std::string recipient = file->disk.recipient();
    const bool other = is_diary_identity(recipient) && recipient != identity_ && file->disk.path() != claimed_;
    if (other) told_of_others_ = false;
    if (other) others.splice(others.end(), files_, file);
    file = next;
  }
  window_ = {};
}

/// What is for this diary under another address is adopted, and the address is remembered.
void Outbox::first_meeting(const std::string& diary, std::vector<std::string>& notices) {
  try {
    adopt_left(diary, notices);
    if (known_) known_->remember(name_, diary);
  } catch (const Error& error) {
    notices.emplace_back(error.what());
  }
  tell_of_others(diary, notices);
  sync_names();
}

void Outbox::sync_names() {
  if (!names_synced_) sync_folder_of(folder_ + "/");
  names_synced_ = true;
}

void Outbox::tell_of_others(const std::string& diary, std::vector<std::string>& notices) {
  if (!known_ || std::exchange(told_of_others_, true)) return;
  try {
    std::string told = told_of_waiting_elsewhere(
        folder_, server_, [&](const std::string& recipient) { return is_for(diary, recipient); }, *known_);
    if (!told.empty()) notices.push_back(std::move(told));
  } catch (const Error& error) {
    notices.emplace_back(error.what());
  }
}

bool Outbox::own_entries_wait() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(files_.begin(), files_.end(),
                     [](const File& file) { return !file.is_adopted() && file.index.waiting() > 0; });
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
    throw Error(fmt::format("{}; what was just entered is not kept", error.what()));
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
        fmt::format("{}; what was just entered goes to the server all the same, but until it is saved there it is not "
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
      return Item{place->id, *std::move(bytes), place->in_doubt, found->first_id, place->heard};
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
                                        Window& window) {
  const std::uint64_t window_end = window.offset + window.bytes.size();
  if (window.file != &file || place.offset < window.offset || place.offset + place.length > window_end) {
    const std::size_t ahead = std::min<std::uint64_t>(window_size, end - place.offset);
    try {
      window = {&file, place.offset, file.disk.read(place.offset, std::max(place.length, ahead))};
    } catch (const Error&) {  // a disk that does not give it back has it no more than one that never had it
      window = {};
      return std::nullopt;
    }
  }
  std::string bytes = window.bytes.substr(place.offset - window.offset, place.length);
  if (bytes.size() == place.length && check_of(bytes) == place.check) return bytes;
  window = {};
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
    window_ = {};
  }
  for (const File& file : done) retire(file);
  try {
    sync_folder_of(done.front().disk.path());
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
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
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
    // See above: nothing is lost by it.
  }
}

}  // namespace md2

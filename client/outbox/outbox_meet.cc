// Which diary an outbox is for, and what was left for it: client/outbox/outbox.h, meet() and meet_nobody().
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "client/outbox/outbox.h"
#include "client/outbox/outbox_scan.h"
#include "client/outbox/waiting_elsewhere.h"
#include "common/diary/identity.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"

namespace md2 {

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
      notices.push_back(tr("what an earlier md2client left in '{}' stays there: {}", path, error.what()));
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
  const std::string where = adopted.paths.size() == 1 ? fmt::format("'{}'", adopted.paths.front())
                                                      : tr("{} outboxes below '{}'", adopted.paths.size(), folder_);
  return trn(
      adopted.entries,
      "{} entry that an earlier md2client left was found in {}; if it is not in the diary yet, it goes out as soon "
      "as that is reached",
      "{} entries that an earlier md2client left were found in {}; those that are not in the diary yet go out as "
      "soon as that is reached",
      adopted.entries, where);
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
    } catch (const Error&) {
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
  window_.forget();
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
    const auto is_ours = [&](const std::string& recipient) { return is_for(diary, recipient); };
    std::string told = told_of_waiting_elsewhere(find_waiting_elsewhere(folder_, is_ours), called_, *known_);
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

}  // namespace md2

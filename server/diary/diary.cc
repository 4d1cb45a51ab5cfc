#include "server/diary/diary.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "server/diary/entries_in.h"
#include "server/diary/same_entry.h"
#include "server/diary/torn_end.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t distrusted_length = 64 << 20;          // of the end at start: more than one turn ever appends
constexpr std::size_t kept_capacity = std::size_t{256} << 10;  // of the batch, from turn to turn
constexpr std::size_t audit_slice = std::size_t{1} << 20;      // bytes of the diary in one turn
constexpr auto audit_pause = 1s;                               // after it could not keep what is missing
constexpr auto refill_pause = 1s;

}  // namespace

Diary::Diary(std::string path, Report report, Clock& clock)
    : path_(std::move(path)),
      report_(std::move(report)),
      clock_(clock),
      lock_(path_),
      bearer_(path_),
      audit_(path_),
      untold_(path_ + ".untold") {
  DiaryFile file(path_);
  // Pages that an fdatasync of another process failed to write count as clean: only the disk knows. The rest of a large
  // diary stays in memory for the first search.
  disk().forget(file.fd(), file.size() - std::min(file.size(), distrusted_length));
  adopt(std::move(file));
  beside_.begin(audit_);
  for (const std::string& away : beside_.away()) {
    tell(
        tr("diary '{}' lay at '{}', which is not there now: what was saved there last, and is missing here, is "
           "looked for when the server starts while it is there",
           path_, away));
  }
  std::string storage;
  const auto last = ring_.last(storage);
  const bool noted = last && last->this_boot;
  if (last) take_torn_append(*last);
  check_end(noted);
  // Its last empty line, so that who reads the file sees the last entry end. Where there is no room for it, the next
  // entry brings it along.
  if (const std::string_view newlines = known_.recent().newlines_before_entry(); !newlines.empty()) {
    if (file_.reserve(durable_, newlines.size())) file_.append(newlines, durable_);
    adopt(std::move(file_));
  }
  if (durable_ > 0 && !noted) refill_at_ = clock_.steady();
  if (!compare()) corrections_.forget();  // they are of the file that the last server left
  if (audit_.active()) audit();
  refill_ring();
}

void Diary::adopt(DiaryFile file) {
  file_ = std::move(file);
  sync();
  const struct stat status = file_.status();
  proof_.look(status, clock_.steady());
  go_on_at(static_cast<std::uint64_t>(status.st_size));
  first_append_.reset();
}

/// The diary ends there as proof_ has looked at it. What was read of it may be of another state, which is no beginning
/// of what it will be: then the next look finds it changed.
void Diary::go_on_at(std::uint64_t size) {
  end_at(size);
  changed_ = !proof_.knows(file_.status());
}

/// The diary ends there, and nobody knows what stands before; its last entries are looked at.
void Diary::end_at(std::uint64_t size) {
  durable_ = size;
  proof_.reset();
  vouched_.clear();
  known_.begin_at(file_, size);
}

/// What a kill has left of the last append, and a power cut, after which zeros may stand where text should: only what
/// was noted before it was written is known to be ours. Whole entries stay.
void Diary::take_torn_append(const Ring::Note& last) {
  if (!last.appended || durable_ <= last.place || durable_ > last.place + last.bytes.size()) return;
  const std::string end = file_.bytes_before(durable_, durable_ - last.place);
  const std::size_t whole = whole_part(end, last.bytes, !last.this_boot);
  // The note stays: it may be the owner who has cut an entry that was saved, and then it is missing.
  if (whole < end.size()) set_aside(std::string_view(end).substr(whole), tr("an append was cut short"));
}

/// After a power cut the ring may lack what was saved last, and a diary that comes from elsewhere has none: it takes up
/// what the file ends in, also while an audit can't be done.
void Diary::refill_ring() {
  if (!refill_at_ || clock_.steady() < *refill_at_) return;
  try {
    if (take_up_end(ring_, file_.fd(), durable_, proof_)) refill_at_.reset();
  } catch (const Error&) {
    refill_at_ = clock_.steady() + refill_pause;  // no room for a ring: nothing is written before there is some
  }
}

/// `noted`: no power cut came since the ring had its last note.
void Diary::check_end(bool noted) {
  const FileEnd end = look_at_end(file_.fd());
  if (end.damage) {
    report_(tr("diary '{}' holds NUL bytes or broken UTF-8 near byte {}; it was left as it is", path_, *end.damage));
  }
  if (!end.torn) return;
  // The ring would know an append of ours.
  if (!noted) return set_aside(end.torn_bytes, tr("NUL bytes or broken UTF-8 stand at its end"));
  report_(tr("diary '{}' ends in NUL bytes or broken UTF-8 that this server did not write; they were left", path_));
}

/// Only at the start: nobody else's bytes are known to be behind it.
void Diary::set_aside(std::string_view end, const std::string& why) {
  const std::string aside = move_aside(file_, path_, durable_ - end.size(), end, why);
  adopt(std::move(file_));
  report_(
      tr("diary '{}' ended in {} bytes of an entry that was being written when the server or the machine "
         "stopped; they are now in '{}', and everything before them is as it was",
         path_, end.size(), aside));
}

/// When it fails, what is noted is as safe as after a kill.
void Diary::sync_ring() {
  try {
    ring_.sync();
  } catch (const Error& error) {
    report_(error.what());
    refill_at_ = clock_.steady();
  }
}

std::size_t Diary::read(std::uint64_t offset, char* to, std::size_t size) const {
  if (offset >= durable_) return 0;
  return read_at(file_.fd(), offset, to, std::min<std::uint64_t>(size, durable_ - offset), {tr_later("diary"), path_});
}

Diary::Change Diary::check_for_changes() {
  if (!broken_.empty() || !batch_.empty()) return Change::none;
  const Clock::Steady now = clock_.steady();
  struct stat status = {};
  Change change = Change::none;
  if (bearer_.is_another(file_, status, now)) {
    if (!replaced()) return change;
    change = Change::text;
  } else {
    const bool touched = proof_.look(status, now) || std::exchange(distrusted_, false);
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size != durable_ || changed_) {
      change = resized(size);
    } else if (touched) {
      change = Change::touched;
      go_on_at(durable_);
    }
    if ((change == Change::touched || proof_.due(now)) && !audit_.active() && !compare()) change = Change::text;
  }
  if (change != Change::none && change != Change::added) changed_anywhere();
  refill_ring();
  if (audit_.active() && (audit_fault_.empty() || now >= audit_again_)) audit();
  return change;
}

std::optional<Clock::Steady> Diary::next_look() const {
  const Clock::Steady now = clock_.steady();
  const auto work = audit_.active() ? std::optional(audit_fault_.empty() ? now : audit_again_) : proof_.deadline();
  return bearer_.next_look(now, work);
}

/// When it fails, the next server might not find what the ring holds: until it is brought there, nothing is written.
void Diary::follow_name() {
  try {
    if (beside_.follow(file_.fd(), audit_)) vouched_.clear();
    ring_fault_.clear();
  } catch (const Error& error) {
    if (std::exchange(ring_fault_, error.what()) != error.what()) report_(error.what());
    refill_at_ = clock_.steady();
  }
}

/// False when the ring holds what the file does not; an audit has begun then.
bool Diary::compare() {
  if (bearer_.is_known()) follow_name();
  const Clock::Steady begin = clock_.steady();
  if (stands_as_noted(ring_, file_.fd())) {
    proof_.compared(begin, clock_.steady());
    audit_fault_.clear();
    // Nobody waits now: what a power cut could take from the ring is made safe.
    if (!proof_.deadline()) sync_ring();
    return true;
  }
  written_anew(durable_);
  report_(tr("diary '{}' was changed by hand ({} bytes); going on at its end", path_, durable_));
  return false;
}

/// The owner's save left the name and nothing else for sure: what the ring holds is in doubt, and the diary goes on at
/// its end.
void Diary::written_anew(std::uint64_t size) {
  audit_.doubt(ring_);
  sync_ring();
  go_on_at(size);
  first_append_.reset();
}

/// No end is cut off here, as at the start: the editor may not be done with writing it. False when it can't be opened.
bool Diary::replaced() {
  const std::string known = bearer_.obstacle();
  auto next = bearer_.open(clock_.steady());
  if (!next) {
    if (bearer_.obstacle() != known)
      report_(tr("{}; nothing is written until there is a file again", bearer_.obstacle()));
    return false;
  }
  audit_.doubt(ring_);
  sync_ring();
  // What stands behind was answered to nobody; but where the owner has written over it first, no offset counts.
  const std::uint64_t end = ends_as_known() ? durable_ : std::numeric_limits<std::uint64_t>::max();
  UniqueFd old = file_.take_fd();
  if (first_append_) {
    audit_.doubt(std::move(old), *first_append_, end);
  } else {
    disk().close_apart(old.release());
  }
  adopt(*std::move(next));
  follow_name();
  added_to_ = false;
  report_(bearer_.was_removed()
              ? tr("diary '{}' was removed; a new one was made ({} bytes)", path_, durable_)
              : tr("diary '{}' was replaced; going on with the new file ({} bytes)", path_, durable_));
  return true;
}

/// Before durable() stands what stood there.
bool Diary::ends_as_known() const {
  const std::string_view tail = known_.recent().tail();
  return file_.bytes_before(durable_, tail.size()) == tail;
}

Diary::Change Diary::resized(std::uint64_t size) {
  sync();
  const std::uint64_t before = durable_;
  const bool grown = !std::exchange(changed_, false) && size > before;
  if (grown && ends_as_known()) {
    if (known_.grow(file_, before, size)) {
      durable_ = size;
    } else {
      end_at(size);
    }
    // Once is enough: another program may add a line each second.
    if (!std::exchange(added_to_, true)) report_(tr("{} bytes were added to diary '{}' by hand", size - before, path_));
    unchanged_up_to_ = before;
    return Change::added;
  }
  written_anew(size);
  report_(tr("diary '{}' was cut or written anew by hand: it had {} bytes and now has {}; going on at its end", path_,
             before, size));
  return Change::text;
}

/// A slice of it. What can't be kept stays where it is, and nothing is written meanwhile: the ring is the last copy.
void Diary::audit() {
  try {
    const auto outcome = audit_.step(file_.fd(), durable_, audit_slice);
    if (!outcome) return;
    if (outcome->missing > 0) tell(outcome->told(path_));
    audit_.renew(ring_, file_.fd());
    audit_fault_.clear();
    proof_.reset();
    refill_ring();
  } catch (const Error& error) {
    if (audit_fault_ != error.what())
      report_(
          tr("entries that were saved and that diary '{}' may lack could not be kept yet: {}", path_, error.what()));
    audit_fault_ = error.what();
    audit_again_ = clock_.steady() + audit_pause;
  }
}

std::uint64_t Diary::add(std::string_view encoded) {
  const bool first = batch_.empty();
  if (first) {
    known_.finish_last(file_, durable_);
    known_.close_at(durable_);
    batch_ = known_.recent().newlines_before_entry();
  }
  const std::uint64_t offset = durable_ + batch_.size();
  if (first) {
    first_added_ = offset;
    first_size_ = encoded.size();
  }
  batch_ += encoded;
  known_.recent().add(offset, encoded);
  return offset;
}

std::uint64_t Diary::add_sought(std::string_view encoded) {
  sought_ = true;
  return add(encoded);
}

std::optional<std::uint64_t> Diary::find_recent(std::string_view encoded) {
  if (batch_.empty()) known_.finish_last(file_, durable_);  // whether something is appended behind it is decided now
  const auto place = known_.recent().find(encoded);
  if (!place) return std::nullopt;
  if (*place >= durable_) {
    const std::size_t at = *place - durable_;
    return std::string_view(batch_).substr(std::min(at, batch_.size())).starts_with(encoded) ? place : std::nullopt;
  }
  const std::string_view text = without_end(encoded);
  const std::string here = read_at(file_.fd(), *place, longest_form(text), {tr_later("diary"), path_});
  const bool line_begins = *place == 0 || file_.bytes_before(*place, 1) == "\n";
  if (line_begins && same_entry(text, here)) return place;
  distrusted_ = true;  // somebody has changed the file: nothing that is remembered of it counts
  return std::nullopt;
}

bool Diary::vouch(std::uint64_t place, std::string_view encoded) {
  if (!ring_fault_.empty()) return false;  // who starts next finds nothing of what the ring holds
  if (known_.recent().is_ours(encoded) || audit_.guards(encoded)) return true;
  const std::size_t hash = same_entry_hash(encoded);
  if (const auto known = vouched_.find(place); known != vouched_.end() && known->second == hash) return true;
  try {
    ring_.take_up(place, encoded);
    vouched_[place] = hash;
    return true;
  } catch (const Error&) {
    return false;
  }
}

Commit Diary::commit() {
  if (!broken_.empty()) throw Error(broken_);
  Commit commit = batch_.empty() ? Commit() : append();
  if (commit.state != Commit::State::saved) known_.recent().forget_from(durable_);
  batch_.clear();
  sought_ = false;
  if (batch_.capacity() > kept_capacity) batch_.shrink_to_fit();
  return commit;
}

Commit Diary::append() {
  if (!bearer_.obstacle().empty()) return {Commit::State::failed, bearer_.obstacle()};
  if (!audit_fault_.empty()) return {Commit::State::failed, audit_fault_};
  if (sought_ && !proof_.knows(file_.fd())) return {Commit::State::again, {}};
  Append append(path_, file_, ring_, report_);
  const std::string_view batch = batch_;
  Commit commit;
  try {
    const std::string_view first = batch.substr(first_added_ - durable_, first_size_);
    const auto sought = sought_ ? std::optional(audit_.in_doubt_before()) : std::nullopt;
    commit = append.run({batch, first_added_, first, known_.recent().tail(), sought}, durable_);
  } catch (const Broken& error) {
    broken_ = error.what();
    throw;
  }
  if (commit.state == Commit::State::again) changed_ = true;
  if (!commit.saved()) return commit;
  // Unless others have only appended; the stamp of the file is this append's from now on, and says nothing of them.
  if (append.begin() != durable_ && !ends_as_known()) changed_ = true;
  first_append_ = std::min(first_append_.value_or(append.begin()), append.begin());
  if (append.begin() == durable_ && append.end() == durable_ + batch.size()) {
    durable_ = append.end();
    known_.appended(batch, durable_);
  } else {
    end_at(append.end());
  }
  proof_.appended(batch.size(), append.status(), clock_.steady());
  added_to_ = false;
  return commit;
}

/// A second fdatasync would return success for pages that are gone: after a failure, nothing is written again.
void Diary::sync() {
  try {
    file_.sync();
  } catch (const Broken& error) {
    broken_ = error.what();
    throw;
  }
}

}  // namespace md2

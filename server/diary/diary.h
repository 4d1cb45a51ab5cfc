#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/os/clock.h"
#include "common/os/disk.h"
#include "common/os/unique_fd.h"
#include "server/diary/append.h"
#include "server/diary/audit.h"
#include "server/diary/bearer.h"
#include "server/diary/beside.h"
#include "server/diary/corrections.h"
#include "server/diary/diary_file.h"
#include "server/diary/diary_lock.h"
#include "server/diary/known_end.h"
#include "server/diary/proof.h"
#include "server/diary/ring.h"
#include "server/diary/untold.h"

namespace md2 {

/// The diary: one plain text file that is only ever appended to (md4logging(5)).
///
/// A turn of the server: check_for_changes(), add() for each entry that came, commit() once, then the answers. Readers
/// see only the bytes before durable(). Offsets are bytes in the file.
///
/// The file is its owner's, who may edit it, add to it, replace or remove it between any two calls. What was saved and
/// stands in the ring (the last MiB at least) stays in the file, or goes to `FILE.missing.TIME`; what this server has
/// appended to a file that was replaced does so whatever its size. An entry begins after an empty line, always. Bytes
/// are only cut off that a failed or torn append has left at the end. All that is kept lies beside `path`
/// (common/os/new_file.h), the ring beside the file that `path` means in the end (Beside).
///
/// The process must ignore SIGXFSZ, or a file size limit ends it.
class Diary {
 public:
  /// What the owner did to the file.
  enum class Change {
    none,
    added,    ///< others have appended: what is before unchanged_up_to() is as it was
    touched,  ///< perhaps nothing: what is shown goes on, but no earlier look proves where an entry stands
    text,     ///< offsets known so far are worth nothing
  };

  /// Takes a line for the server's log: what happened, what is safe, and where it is.
  using Report = std::function<void(std::string)>;

  /// Bytes that a batch may reach before has_room() is false; the longest entry may come on top.
  static constexpr std::size_t batch_room = std::size_t{512} << 10;

  /// Opens the diary, makes it (0600) when it is missing, locks it (`PATH.lock`, and the file itself, which may have
  /// other names), and looks at its end. A symbolic link is followed. Its folder must exist. Throws Error.
  Diary(std::string path, Report report, Clock& clock = real_clock());

  ~Diary() {
    sync_ring();
    corrections_.keep(file_.fd(), proof_);
  }

  /// The real path beside which the diary's identity lies. Its name may lead elsewhere by now.
  const std::string& real_path() const { return beside_.real_path(); }

  /// As it was opened.
  const std::string& name() const { return path_; }

  /// False while some of what belongs to the file could not be brought beside it yet.
  bool is_settled() const { return ring_fault_.empty(); }

  /// See DiaryLock.
  void serve_at(const std::string& address) { lock_.serve_at(address); }
  void serve_nowhere() { lock_.serve_nowhere(); }

  Diary(const Diary&) = delete;
  Diary& operator=(const Diary&) = delete;

  /// Everything before this offset is on stable storage and may be shown.
  std::uint64_t durable() const { return durable_; }

  /// How often all was well when it was compared. An append gives the file a stamp that says nothing of what the owner
  /// did just before it: who has read in between knows what he has read only after the next comparison.
  std::uint64_t comparisons() const { return proof_.comparisons(); }
  void want_comparison() { proof_.want(); }

  /// Behind an append since the last comparison a save of the owner's may hide, of which nothing is known yet.
  bool may_hide_a_save() const { return proof_.has_appended(); }

  /// Reads at most `size` durable bytes from `offset` on and returns how many. 0 at the end and beyond it.
  /// Throws Error when the file can't be read.
  std::size_t read(std::uint64_t offset, char* to, std::size_t size) const;

  /// Notices that the owner has replaced the file, cut it, changed it or added to it, and goes on with what now bears
  /// the name; does a slice of the work that this brings. Costs one stat(2) whatever the size when nothing happened.
  /// Does nothing between add() and commit(). While what bears the name is no file that can be opened, nothing changes
  /// and commit() says `failed`. Throws Error when the disk has lost what was written.
  Change check_for_changes();

  /// Of the last change: before this offset, all is as it was.
  std::uint64_t unchanged_up_to() const { return unchanged_up_to_; }

  /// When check_for_changes() has work to do though nothing came; nothing: when something comes.
  std::optional<Clock::Steady> next_look() const;

  /// False when no entry may be added before the next commit().
  bool has_room() const { return !bearer_.awaited() && batch_.size() < batch_room; }

  /// Nobody bears the name at the moment: a program may be about to put another file in its place, and must not find
  /// one of ours there. For a second nothing is added.
  bool waits_for_name() const { return bearer_.awaited(); }

  /// Takes an encoded entry into the batch of this turn. Returns the offset at which it will stand once commit() has
  /// saved.
  std::uint64_t add(std::string_view encoded);

  /// The same for an entry that was looked for in the file and not found. The owner may have moved it under the eyes of
  /// who looked: commit() asks for another look when the file is not what check_for_changes() has seen.
  std::uint64_t add_sought(std::string_view encoded);

  /// The batch: entries added and not yet committed, one after another, and before the first of them the newlines that
  /// the file lacks. Its first byte will stand at durable().
  const std::string& batch() const { return batch_; }

  /// Where the entry stands when it is among the last ones, whoever wrote it there, or will stand when it is in the
  /// batch.
  std::optional<std::uint64_t> find_recent(std::string_view encoded);

  /// The entry stands at `place`, whoever wrote it there, and is about to be called saved: the ring takes it up. False,
  /// and nothing may be called saved, when it can't.
  bool vouch(std::uint64_t place, std::string_view encoded);

  /// True when the entry is known to stand nowhere at or behind `since`, neither in the file nor in the batch, after
  /// find_recent() has not found it. False: it has to be looked for (Lookup, for which a `since` beyond the end is 0).
  /// Of what others have written it may know an earlier state: they can put times and size back. An entry with an empty
  /// line inside always has to be looked for: a tool that takes blanks away makes two items of it.
  bool surely_new(std::string_view encoded, std::uint64_t since) const {
    return trusts_offsets() && since >= std::max(known_.own_from(), known_.recent().begin()) && since <= durable_ &&
           encoded.find(" \n") == std::string_view::npos;
  }

  /// False when find_recent() has seen that somebody changed the file since the last check_for_changes(): what is not
  /// found has to be looked for in all of it.
  bool trusts_offsets() const { return !distrusted_; }

  /// One write(2) and one fdatasync(2) for the whole batch. Does nothing for an empty batch. Throws Error when the disk
  /// has lost what was written (fdatasync failed): the server must end without another word to the writers. Every
  /// later commit() throws the same, and nothing is written any more.
  Commit commit();

  /// What corrects what in it, as far as somebody has asked; forgotten when the owner changes the file.
  Corrections& corrections() { return corrections_; }

  /// True when a purge has taken out what was written at that time: only what stands there now is saved under it.
  bool is_closed(Timestamp time) const { return beside_.closed().hold(time); }

  /// What the owner has yet to be told.
  Untold& untold() { return untold_; }

 private:
  void changed_anywhere() {
    unchanged_up_to_ = 0;
    corrections_.forget();
  }
  void adopt(DiaryFile file);
  void end_at(std::uint64_t size);
  void go_on_at(std::uint64_t size);
  void take_torn_append(const Ring::Note& last);
  void check_end(bool noted);
  void refill_ring();
  void sync_ring();
  bool replaced();
  Change resized(std::uint64_t size);
  bool ends_as_known() const;
  void follow_name();
  bool compare();
  void written_anew(std::uint64_t size);
  void audit();
  void tell(const std::string& line) {
    report_(line);
    untold_.add(line);
  }
  void set_aside(std::string_view end, const std::string& why);

  Commit append();
  void sync();

  std::string path_;
  Report report_;
  Clock& clock_;
  DiaryLock lock_;
  Bearer bearer_;
  DiaryFile file_;
  std::uint64_t durable_ = 0;
  std::optional<std::uint64_t> first_append_;  ///< what this server appended to the file stands from here on
  std::string batch_;
  bool sought_ = false;            ///< some of it was looked for
  std::uint64_t first_added_ = 0;  ///< what add() said of the first entry of the batch
  std::size_t first_size_ = 0;     ///< its bytes
  KnownEnd known_;                 ///< of file and batch
  Beside beside_{path_};
  Ring& ring_ = beside_.ring();
  Proof proof_;
  Audit audit_;
  std::string ring_fault_;   ///< why the ring can't lie where it should
  std::string audit_fault_;  ///< why what is missing could not be kept; nothing may be written before it is
  Clock::Steady audit_again_{};
  Untold untold_;
  Corrections corrections_{path_};
  std::uint64_t unchanged_up_to_ = 0;
  std::optional<Clock::Steady> refill_at_;  ///< when the ring is to take up what the file ends in
  bool distrusted_ = false;
  std::unordered_map<std::uint64_t, std::size_t> vouched_;  ///< of others', in the ring: same_entry_hash() by place
  std::string broken_;                                      ///< why nothing may be written any more
  bool changed_ = false;   ///< since check_for_changes() looked at it, as commit() found, or as it did itself
  bool added_to_ = false;  ///< by hand since our last append, and reported
};

}  // namespace md2

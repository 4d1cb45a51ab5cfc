#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/outbox/known_diaries.h"
#include "client/outbox/outbox_file.h"
#include "client/outbox/outbox_index.h"
#include "common/os/error.h"
#include "common/os/read_ahead.h"

namespace md2 {

/// The disk failed to take an entry that has been put: it is on its way to the server all the same.
class NotDurable : public Error {
  using Error::Error;
};

/// The entries that were written and are not yet known to be saved: a file of this client's own, in diary format, so
/// that `cat outbox >> md4logging.log` is a valid rescue. It is made at the first put() and removed at a quit with
/// nothing left; at a quit with something left it holds just that. In between it also holds entries that are saved
/// already: cutting them off after each answer was turned down, because ftruncate(2) took as long as a sync. After a
/// kill they are sent again, and the server keeps one. A file of a mebibyte with all saved is replaced by a new one.
///
/// Another program may cut, empty, remove or overwrite the file meanwhile. Then what the file, its descriptor and the
/// memory of the last puts still have goes to a new one, what is gone is told, and the changed file becomes
/// FILE.damaged: see mend().
///
/// Main thread: put(), sync(), mend(), told(). Link thread: meet(), meet_nobody(), get(), mark_sent(), remove(),
/// look(). Both: waiting(). One small lock guards the lists; no system call happens under it. Another one guards the
/// names of the files, which change but once: who holds it waits for the disk only.
class Outbox {
 public:
  /// An entry on its way to the server.
  struct Item {
    std::uint64_t id = 0;     ///< rises in the order of sending, from entry to entry by one (by more behind damage)
    std::string encoded;      ///< in diary format
    bool in_doubt = false;    ///< may have reached a server before: SINCE must be 0, or follow from the entry before it
    std::uint64_t heard = 0;  ///< what put() was told
  };

  /// `folder` is made when it is missing. `server`, HOST:PORT or the path of the user's own diary, is where the diary
  /// is looked for that the entries are for. What clients that died have left for the diary that answered there last is
  /// adopted; so is what they left for that address, before they knew a diary. `claimed`: an outbox that goes to
  /// whichever diary answers, whomever it was for. Throws Error.
  Outbox(std::string folder, std::string server, std::optional<OutboxFile> claimed = std::nullopt);

  /// What waits stays in the folder for the next client. The link thread must have ended.
  ~Outbox();

  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  /// What the user should see about it, a line each: what was found, what was damaged, what is safe and where.
  const std::vector<std::string>& notices() const { return notices_; }

  const std::string& server() const { return server_; }

  /// What stands behind -s where this diary is meant, for advice; else it is the address of its server.
  void set_called(std::string name) { called_ = std::move(name); }

  /// Entries in the file that was claimed.
  std::size_t claimed() const { return entries_claimed_; }

  /// A diary has greeted. False when it is not the one that this outbox is for, which is the first that was met:
  /// nothing may be sent to it. Else all that get() gives bears its identity, on stable storage; what was adopted for
  /// another one is let go, and what was left for this one is adopted. Appends to `notices` what the user should see,
  /// the first time. Throws Error when that is not so yet: nothing may be sent.
  bool meet(const std::string& identity, std::vector<std::string>& notices);

  /// No diary can be met now. What is put from now on, and what was put already, is for the one that answered last at
  /// this address. Appends to `notices` as above.
  void meet_nobody(std::vector<std::string>& notices);

  /// Writes the encoded entries, with one write(2); from now on get() finds them. `heard`: what was known of the diary
  /// before (Exchange::heard()), 0 for nothing. Throws Error when the file can't take them; then none is kept.
  void put(const std::vector<std::string>& encoded, std::uint64_t heard = 0);

  /// What was put is on stable storage when it returns (one fdatasync(2)). Call it after each put(). That these are two
  /// lets the link send while the disk works: an entry that is `saved` before it is synced here is safe all the sooner,
  /// and one that was never synced is one whose Enter has not returned. Throws NotDurable when the disk fails.
  void sync();

  /// Entries kept and not yet saved.
  std::size_t waiting() const;

  /// The first entry whose id is at least `id`; one after another they cost the same however many wait. What does not
  /// come back from the file as it was put is left out: look() is true then, and mend() to be called.
  std::optional<Item> get(std::uint64_t id) const;

  /// The entry was given to the socket: from now on it is in doubt.
  void mark_sent(std::uint64_t id);

  /// The entry is in the diary: it leaves the outbox. The disk is touched only when a file has no other entry left.
  void remove(std::uint64_t id);

  /// The entry was refused for ever, and the user has been told: it leaves the outbox. Until then another client would
  /// send it again, should this one die. The disk is not touched: the next remove() or the destructor does that.
  void told(std::uint64_t id);

  /// Entries may have been changed by another program: get() has found so, or, with `Look::at_files`, their files are
  /// other ones now. Once for each finding.
  enum class Look { at_findings, at_files };
  bool look(Look where = Look::at_findings);

  /// What mend() has come to.
  struct Mended {
    std::vector<std::string> notices;  ///< for the user, a sentence for each file that was changed
    std::size_t lost = 0;              ///< entries that are nowhere any more
  };

  /// Compares all that waits with its files, and brings what was changed to safety, as new entries in doubt: those that
  /// were saved already are among them, and the server keeps one.
  Mended mend();

 private:
  /// Files can be adopted when entries were put already, and go out before them.
  static constexpr std::uint64_t first_own_id = std::uint64_t{1} << 40;

  enum class State {
    open,       ///< put() appends to it: it is not removed whenever all is saved
    appending,  ///< the same, from put() to the end of sync(): not removed at all
    closed,     ///< removed when all is saved
    damaged,    ///< the same, but set aside: see OutboxScan
  };
  struct File {
    OutboxFile disk;
    OutboxIndex index;
    std::uint64_t first_id = 0;
    State state = State::closed;
    mutable bool suspect = false;  ///< entries were changed; get() takes none from it before mend()
    bool held = false;             ///< mend() is at it: not removed

    bool is_adopted() const { return first_id < first_own_id; }
    bool own() const { return state == State::open || state == State::appending; }
  };

  struct Adopted {
    std::vector<std::string> paths;
    std::size_t entries = 0;
  };

  bool is_for(const std::string& diary, const std::string& recipient) const;
  void adopt_left(const std::string& diary, std::vector<std::string>& notices);
  void adopt(OutboxFile left, Adopted& adopted, std::vector<std::string>& notices);
  std::string told_of(const Adopted& adopted) const;
  void bind_all(bool answered);
  void release_others();
  void first_meeting(const std::string& diary, std::vector<std::string>& notices);
  void tell_of_others(const std::string& diary, std::vector<std::string>& notices);
  void sync_names();
  bool own_entries_wait() const;
  static void retire(const File& file);
  static bool used_up(const File& file);
  File& file_to_append();
  File* own_file();
  File* appended_file();
  void set_state(File& file, State state);
  File* file_of(std::uint64_t id);
  void tidy(File& file);
  static std::optional<std::string> read(const File& file, const OutboxIndex::Place& place, std::uint64_t end,
                                         ReadAhead& window);
  void suspect(const File& file) const;
  void remember(const std::vector<std::string>& encoded);
  void mend(File& file, const std::vector<OutboxIndex::Place>& places, Mended& mended);
  void empty(File& file);
  void take_over(OutboxFile disk, OutboxIndex index);
  std::size_t give_up(File& file, const std::vector<OutboxIndex::Place>& places);

  const std::string folder_;
  const std::string server_;
  std::string called_;
  const std::string name_;  ///< of the server, as outboxes bear it
  std::vector<std::string> notices_;

  std::string remembered_;  ///< the identity of the diary that answered last at the server; may be empty

  // Link thread only, once the constructor is done:
  std::optional<KnownDiaries> known_;
  std::size_t entries_claimed_ = 0;
  std::string claimed_;       ///< path of the file that goes to whoever answers; may be empty
  bool names_synced_ = true;  ///< false: of a file that was given an identity
  bool met_ = false;          ///< meet() has adopted and told
  bool told_of_others_ = false;

  std::mutex naming_;            ///< guards what follows, and the names of files_; taken before mutex_
  std::string identity_;         ///< of the diary that this outbox is for; empty until one was met or written for
  bool nobody_to_meet_ = false;  ///< by now

  mutable std::mutex mutex_;  ///< guards files_ (but not `disk`), next_adopted_id_ and next_id_
  std::list<File> files_;     ///< in the order of sending; first what was adopted; only the last can be own()
  std::uint64_t next_adopted_id_ = 1;
  std::uint64_t next_id_ = first_own_id;
  mutable std::atomic<bool> found_ = false;  ///< for look()

  std::deque<std::string> recent_;  ///< main thread only: what was put last, should its file lose it
  std::size_t recent_bytes_ = 0;

  mutable ReadAhead window_;  ///< link thread only: bytes read ahead of get(), so that not every entry is a pread(2)
};

}  // namespace md2

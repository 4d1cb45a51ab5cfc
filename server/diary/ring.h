#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/os/new_file.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// What the server appended last, kept beside the diary in `FILE.ring` (0600): whatever the owner's next save takes out
/// of the diary, or a kill leaves half written at its end, still stands here. It is noted before it is appended.
///
/// The file is made with all its blocks, so that a note never fails for want of room. It is not synced with each note:
/// after a kill the system still has them; after a power cut the newest may be gone, and each tells by its checksum
/// whether it is whole. A note stands where the one before it ended, or at the beginning when it does not fit there:
///
///     40 bytes  name of the format, the mark of this ring (random), the first number that counts
///     note      mark, number, place in the diary, boot, length, checksum; then the bytes as they were appended
///
/// Binary, and only this machine's: nobody edits it, and no client knows the mark, so no text that one sends can pass
/// for a note. Turned down: offsets alone (wrong after a power cut and after every save of the owner's).
class Ring {
 public:
  /// At least a MiB of the shortest entries, each appended alone, before the longest batch.
  static constexpr std::uint64_t capacity = std::uint64_t{6} << 20;

  struct Note {
    std::uint64_t number = 0;
    std::uint64_t place = 0;  ///< in the diary, of the first byte
    std::string_view bytes;   ///< whole entries, perhaps newlines before them
    bool this_boot = false;   ///< noted since the machine was started: no power cut came after it
    bool appended = true;     ///< noted before it was appended; else it stood there already
  };

  /// Reads what an earlier server noted. `path`: of the ring. Makes nothing. Throws Error when a ring that is there
  /// can't be read.
  explicit Ring(std::string path);

  /// Notes what is about to be appended, at most half of `capacity`. Makes the file when there is none; when it is
  /// known to have lost its name, or a call failed, all notes go to a new one first. Throws Error when the file that
  /// bears the name does not hold the note: nothing may be appended then. What was noted before stays.
  void note(std::uint64_t place, std::string_view bytes) { write_note(place, bytes, true); }

  /// The same for what stands there already.
  void take_up(std::uint64_t place, std::string_view bytes) { write_note(place, bytes, false); }

  /// Notes with this number or a higher one were not appended after all, or were taken back.
  void forget_from(std::uint64_t number);

  /// Nothing is noted.
  bool empty() const { return places_.empty(); }

  /// The other is this ring, or a copy of what it was.
  bool is_same(const Ring& other) const { return mark_ == other.mark_; }

  /// False when the ring is to lie at another `path`, or when somebody has put something else in its place.
  bool lies_at(const std::string& path) const;

  /// Its notes go to a new file at `path`, on stable storage when it returns; what was at its old one goes, if it is
  /// this ring still. Throws Error: they are where they were then, and each note() tries to go there first.
  void move_to(const std::string& path);

  /// The number that the next note will have; notes are numbered as they come.
  std::uint64_t next_number() const { return next_number_; }

  /// Notes with lower numbers count no more. Throws Error.
  void forget_before(std::uint64_t number);

  /// Gives each note to `take`, the oldest first; one that was damaged is left out. Throws Error when the file can't be
  /// read.
  void each(const std::function<void(const Note&)>& take) const;

  /// True when `holds` says so of each note but those that were damaged, the oldest first, until one decides. Whether a
  /// note is damaged is found out only when it does not hold: it takes longer than to compare it. Throws Error as
  /// each() does.
  bool all(const std::function<bool(const Note&)>& holds) const;

  /// The last note; `bytes` is kept in `storage`.
  std::optional<Note> last(std::string& storage) const;

  /// What is noted is on stable storage when it returns; costs nothing when it is already. After a failure the notes
  /// are written once more, because a sync that is only repeated tells nothing of pages that were lost. Throws Error
  /// when that fails, too: what is noted is as safe as after a kill, and the next note() or sync() writes all anew.
  void sync();

 private:
  struct Place {
    std::uint64_t at;    ///< of the head, in the ring's file
    std::uint64_t size;  ///< of head and bytes
    std::uint64_t number;
  };

  void read();
  NewFile make();
  void write_note(std::uint64_t place, std::string_view bytes, bool appended);
  void put(std::uint64_t number, std::string_view note);
  std::vector<std::string> notes() const;
  void write_anew();
  bool write_where_they_stand();
  void write(std::uint64_t at, std::string_view bytes);
  std::optional<Note> parse(std::string_view bytes) const;  // of this ring; it may be damaged

  std::string path_;
  std::string left_;  ///< where the file still is that could not be moved; empty: it is at path_, or nowhere
  UniqueFd fd_;
  std::array<char, 16> mark_{};
  std::uint64_t boot_;
  std::deque<Place> places_;  ///< of the notes, in the order of their numbers, which is that of the circle
  std::uint64_t next_number_ = 1;
  bool synced_ = true;
  bool sound_ = true;  ///< false: the next note goes to a new file, with all before it, or fails
};

}  // namespace md2

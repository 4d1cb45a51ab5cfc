#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "server/diary/diary_file.h"
#include "server/diary/ring.h"

namespace md2 {

/// What became of a batch of entries.
struct Commit {
  enum class State {
    saved,   ///< on stable storage, in the file that bears the name
    failed,  ///< nothing of it is in the file
    again,   ///< it went into a file that its owner was just changing: it is to be looked for and added once more
  };
  State state = State::saved;
  std::string reason;  ///< of failed, for the writers: the disk is full and the like

  bool saved() const { return state == State::saved; }

  /// Where an entry stands that Diary::add() said would stand at `offset`. They differ only when somebody else wrote to
  /// the file since check_for_changes().
  std::uint64_t place_of(std::uint64_t offset) const { return offset == first ? first_place : offset + shift; }
  std::uint64_t first = 0;        ///< the first entry: add() said so
  std::uint64_t first_place = 0;  ///< where it stands
  std::uint64_t shift = 0;        ///< of the others, modulo 2^64
};

/// One batch on its way into the file of a diary. It is noted in the ring, appended, looked at, because O_APPEND knows
/// no condition and the owner may act between any two calls, synced, and looked at once more: a name that means another
/// file by then was given to it while the disk worked.
class Append {
 public:
  using Report = std::function<void(std::string)>;

  /// All are borrowed. `path`: the name that `file` bears.
  Append(const std::string& path, DiaryFile& file, Ring& ring, const Report& report)
      : path_(path), file_(file), ring_(ring), report_(report) {}

  struct Batch {
    std::string_view bytes;   ///< entries, perhaps newlines before them
    std::uint64_t first = 0;  ///< the first entry: where it is to stand, and its bytes
    std::string_view first_entry;
    std::string_view tail;                ///< what the file ended in, as far as that is known
    std::optional<std::uint64_t> sought;  ///< entries were looked for: the ring's notes from this one on must stand
  };

  /// `end`: where the file ended when it was last looked at. Throws Broken.
  Commit run(const Batch& batch, std::uint64_t end);

  // Of a batch that was saved:

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return end_; }
  const struct stat& status() const { return status_; }  ///< of the file, after the sync

 private:
  /// How bytes stand that were appended.
  enum class Standing {
    well,
    glued,  ///< not at the beginning of a line
    gone,   ///< something else stands there
  };

  std::string write(std::string_view bytes, std::uint64_t end);
  std::string take_back(std::string_view bytes, const DiaryFile::Written& written);
  Standing standing_at(std::uint64_t begin, std::string_view bytes) const;
  bool may_stand_already(const Batch& batch, std::uint64_t end) const;
  bool is_where_it_was_sought(const Batch& batch);
  bool place(const Batch& batch, std::uint64_t end, Commit& commit);
  std::optional<std::uint64_t> write_again(std::string_view entry);

  const std::string& path_;
  DiaryFile& file_;
  Ring& ring_;
  const Report& report_;
  std::uint64_t number_ = 0;  ///< of the batch's note in the ring
  std::uint64_t begin_ = 0;
  bool split_ = false;  ///< the bytes do not stand together
  std::uint64_t end_ = 0;
  struct stat status_ = {};
};

}  // namespace md2

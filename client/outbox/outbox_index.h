#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace md2 {

/// By which an encoded entry is known again when its place in the file was overwritten: within this process only.
std::uint32_t check_of(std::string_view encoded);

/// Where each entry of one outbox file stands, and what is known about it: eight bytes an entry, so that an import of a
/// gigabyte does not stand in memory. Entries are numbered one after another in the order of the file; going through
/// them in that order costs the same at every size.
class OutboxIndex {
 public:
  struct Place {
    std::uint64_t id = 0;
    std::uint64_t offset = 0;  ///< in the file
    std::size_t length = 0;
    bool in_doubt = false;
    std::uint32_t check = 0;  ///< see check_of()
    std::uint64_t heard = 0;  ///< as it was added
  };

  /// `first_id`: the number of the first entry that will be added.
  explicit OutboxIndex(std::uint64_t first_id) : first_id_(first_id), cursor_{first_id, 0} {}

  /// An entry of `length` bytes, at most max_encoded, stands where the last one ends. `heard`: what was known of the
  /// diary when it was written; of entries one after another it is seldom another.
  void add(std::size_t length, bool in_doubt, std::uint32_t check = 0, std::uint64_t heard = 0);

  /// The same for bytes that are no entry. They take a number, too, and never come out.
  void add_gap(std::uint64_t length);

  /// The first entry whose id is at least `id`.
  std::optional<Place> find(std::uint64_t id) const;

  /// Both do nothing when no such entry waits.
  void mark_sent(std::uint64_t id);
  void remove(std::uint64_t id);

  /// All that wait, in order.
  std::vector<Place> places() const;

  std::size_t waiting() const { return waiting_; }
  std::uint64_t next_id() const { return first_id_ + slots_.size(); }
  std::uint64_t end() const { return end_; }  ///< length of the file as far as it is known here
  bool any_gone() const { return begin_ > 0 || waiting_ < slots_.size(); }

 private:
  struct Slot {
    std::uint32_t length : 30;
    std::uint32_t in_doubt : 1;
    std::uint32_t gone : 1;
    std::uint32_t check;
  };
  struct Cursor {
    std::uint64_t id = 0;
    std::uint64_t offset = 0;
  };
  struct Heard {
    std::uint64_t first_id;
    std::uint64_t heard;
  };

  Slot* slot(std::uint64_t id);
  void drop_gone();
  std::uint64_t heard(std::uint64_t id) const;

  std::deque<Heard> heard_;  ///< from its first_id on; by id
  std::deque<Slot> slots_;   ///< from first_id_ on; the first is never gone
  std::uint64_t first_id_;
  std::uint64_t begin_ = 0;  ///< offset of the first slot
  std::uint64_t end_ = 0;
  std::size_t waiting_ = 0;
  mutable Cursor cursor_;  ///< where find() was last
};

}  // namespace md2

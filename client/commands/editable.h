#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "client/link/client.h"
#include "client/page/corrected.h"

namespace md2 {

/// An entry that can be corrected.
struct Editable {
  EntryName name;                   ///< by which its corrections know it
  Timestamp time;                   ///< that stands before its text
  std::string text;                 ///< as a person reads it; of one that is struck out the last that it had
  std::optional<Timestamp> newest;  ///< when it was corrected last, as far as is known
  bool struck = false;

  bool operator==(const Editable&) const = default;
};

/// Nothing for a loose line, which has no name. A correction by itself stands for the entry that it names.
std::optional<Editable> editable(const ReadItem& read);

/// The entry as a page shows it.
ReadItem shown(const Editable& entry);

/// Entries that can be corrected, each once, from one answer or several: of everything as it was written, which is
/// every correction for itself, or as it is read.
class Editables {
 public:
  /// `most`: more are not taken, see full().
  explicit Editables(std::size_t most) : most_(most) {}

  /// An item of the answer to a query.
  void add(const ReadItem& read);

  /// An item of everything as it was written: only what it says of entries that were added counts.
  void learn(const ReadItem& read);

  /// Days of entries of which only corrections were added, `2015-10-28`, each once.
  std::vector<std::string> days_to_learn() const;

  /// There were more than can be taken.
  bool full() const { return full_; }

  /// Lines that are no entries.
  std::size_t loose_lines() const { return loose_; }

  /// Entries of which only corrections were met: what these say is never shown, nor what corrects them.
  std::size_t absent() const;

  /// In the order in which they came.
  std::vector<Editable> take();

 private:
  struct Known {
    Editable entry;
    std::string latest;                   ///< what its latest correction says, which may be nothing
    std::optional<Timestamp> text_since;  ///< the time of the correction that has its text; none: that is the first
    bool met = false;                     ///< the entry itself, not only corrections of it
  };

  Known* find(const EntryName& name);
  static void correct(Known& known, Timestamp time, const std::string& text);
  static void meet(Known& known, const ReadItem& read, const Editable& entry);

  std::size_t most_;
  std::vector<Known> known_;
  std::unordered_multimap<std::int64_t, std::size_t> places_;  ///< in known_, by the time in the name
  std::size_t loose_ = 0;
  bool full_ = false;
};

/// Asks for what matches the query, without one for the last entry: at most `most`. With Ink::all also those that are
/// struck out, and of each all that is known. Throws Error when the server can't be asked or more match; what can't be
/// edited of what matches is told to `tell`.
std::vector<Editable> gather(Client& client, Ink ink, const std::string& query, std::size_t most, const Tell& tell);

}  // namespace md2

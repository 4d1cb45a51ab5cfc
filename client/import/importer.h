#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "client/import/item.h"
#include "client/link/entry_clock.h"
#include "common/diary/correction.h"

namespace md2 {

/// What import made of one item of its input.
struct Imported {
  std::string encoded;        ///< in diary format; empty when there is a fault
  bool has_own_time = false;  ///< else it was a paragraph, whose time is now, or that of its file
  std::uint64_t line = 0;     ///< where it begins in the input, counted from 1
  bool is_empty = false;      ///< its program keeps what is no text (a photo): there is nothing to import, nor a fault
  std::string text;           ///< of a paragraph, as a person reads it
  struct Correction {
    EntryName of;
    std::string encoded;
  };
  std::optional<Correction> correction;  ///< what belongs into a diary that holds the first text, in place of `encoded`
  std::string fault;                     ///< why it can't be an entry, with the number of the line; empty when it can
};

/// Gives the items of an input their places in the diary, or says why they can have none.
///
/// An entry of md2's keeps its time, its text and so its identity; only what editors do to its ends is put right. What
/// comes from elsewhere and has a time to the second at best gets its microseconds from a hash of its text, so that it
/// is the same entry whenever it is imported, from whatever version of its file. Only equal texts of one moment that
/// follow each other are numbered. What has no time gets one from the clock.
///
/// Nothing else is changed: what can't be an entry is a fault and left out whole.
class Importer {
 public:
  /// `clock` gives the times of paragraphs, and must outlive this: now, or from `changed` on, when their file was
  /// changed last. `stream`: what broke off in the middle of an entry is a fault.
  explicit Importer(EntryClock& clock, std::optional<Timestamp> changed = std::nullopt, bool stream = false)
      : clock_(clock), changed_(changed), stream_(stream) {}

  /// `interrupted`: the input was ended before its end came; what it ends in is not all there.
  Imported make(const Item& item, bool interrupted = false);

 private:
  Imported made_of(const Item& item);
  Timestamp place(Timestamp moment, std::string_view stored);

  EntryClock& clock_;
  std::optional<Timestamp> changed_;
  bool stream_;
  Timestamp moment_;                             ///< of the item that was placed last
  std::map<std::uint32_t, std::uint32_t> seen_;  ///< hashes of the texts of that moment, and how many had them
};

/// The same for an entry that a diary holds, which needs no clock.
Imported import_exact(const Item& item);

}  // namespace md2

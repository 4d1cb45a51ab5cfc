#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "client/import/known_entries.h"
#include "client/link/client.h"

namespace md2 {

/// What an import knows of the diary: that passes by from its first byte on, over one connection after the other, and
/// is followed from then on, so that it can be said of each entry up to which offset the diary does not hold it. When
/// its owner has changed it, it passes by once more.
class Comparison {
 public:
  /// `client` must outlive it; it follows nothing by itself.
  explicit Comparison(Client& client) : client_(client) {}

  /// The diary passes by from now on; `texts`: what KnownEntries::gather_texts() says. Throws Error when the key only
  /// writes.
  void begin(bool texts = false);
  bool begun() const { return begun_; }

  /// Whatever the link says. Throws Error likewise.
  void take(const Event& event);

  /// All that the diary holds is known, over the connection that stands.
  bool whole() const { return whole_; }

  /// Of the diary, in bytes, that has passed by.
  std::uint64_t end() const { return known_.end(); }

  /// See KnownEntries.
  bool add(std::string_view encoded) { return known_.add(encoded); }
  bool take_text(std::string_view text) { return known_.take_text(text); }
  bool holds(const EntryName& name) const { return known_.holds(name); }

  /// What Client::keep() is to be told of entries that add() has not known since, before anything else was taken. Where
  /// all is known, the server need not look for them in what has passed by; else it looks everywhere, and keeps one.
  std::uint64_t hold();

 private:
  void take(const Message& message);
  void pass_again();

  Client& client_;
  KnownEntries known_;
  bool begun_ = false;
  bool whole_ = false;
  std::uint64_t connection_ = 0;       ///< as Exchange::heard() has it, without changes
  std::uint64_t changes_ = 0;          ///< that the server has told of, over this connection
  std::uint64_t held_connection_ = 0;  ///< for which the link was told
};

}  // namespace md2

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/files.h"
#include "tests/sim/story.h"

namespace md2::sim {

struct Verdict {
  std::size_t entries = 0;  ///< whose Enter has returned
  std::size_t lost = 0;
  std::size_t doubled = 0;
  std::size_t wrong = 0;

  bool clean() const { return lost + doubled + wrong == 0; }
};

/// What bytes are: those of a diary, or of what is kept beside it. An entry is kept with all that a sort of the lines
/// had put under it.
enum class Items { written, kept };

/// How often each entry stands in some bytes. The key is the entry as one looks at it: carriage returns and blanks at
/// the ends of lines and empty lines at its end aside.
std::map<std::string, int> entries_in(std::string_view bytes, Items items = Items::written);

/// The key of one encoded entry.
std::string key_of(std::string_view encoded);

/// True for a file that has the word in its name and is whole: until then it is called FILE.missing.new (NewFile).
bool is_kept(std::string_view name, std::string_view word);

/// Who wrote what, what he was told of it, and where it stands: the promise, entry by entry.
class Ledger {
 public:
  Ledger(Files& files, Story& story, std::vector<std::string> diaries, std::string outboxes)
      : files_(files), story_(story), diaries_(std::move(diaries)), outboxes_(std::move(outboxes)) {}

  // What happens to an entry (its encoded form).

  /// To the outbox; a kill may come. `diary`: that its client has met, -1 for none yet.
  void offered(const std::string& encoded, int diary);
  void kept(const std::string& encoded, bool durable);
  void not_kept(const std::string& encoded);  ///< put() has thrown
  void saved(const std::string& encoded);
  void refused(const std::string& encoded, const std::string& why);
  void failed(const std::string& encoded, const std::string& why);
  void told(std::string_view text);  ///< a person was told of the refusal of an entry that stands in it

  void power_was_cut();

  /// One of those that somebody has written, encoded; empty when there is none.
  std::string some_entry(std::size_t number) const;

  /// Somebody has written an entry that begins so.
  bool begins_entry(std::string_view bytes) const;

  /// A failed sync has taken some of what somebody had written: copies that a torn save has left are nobody's fault.
  void excuse_copies();
  void server_has_started() { unguarded_ = false; }

  // The owner.

  void before_owner();

  /// `unseen`: the server knows of it only when it looks the next time.
  void after_owner(bool unseen);
  void server_looks() { unseen_by_server_.clear(); }

  /// After each step: whatever can be said at any moment.
  void check();

  /// When a server has looked at everything for a while: each promised entry is somewhere.
  void check_settled();

  /// The end of the world: nothing waits any more.
  void check_end();

  void wrong(const std::string& what);

  /// True when an entry has this line, as it is stored.
  bool has_line(std::string_view line) const { return lines_.find(line) != lines_.end(); }

  const Verdict& verdict() const { return verdict_; }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  struct Entry {
    std::string encoded;
    int diary = -1;         ///< that it is for; -1: none was known
    bool promised = false;  ///< Enter has returned
    bool fragile = false;   ///< but was told that the disk has failed
    bool counted = false;
    bool saved = false;
    bool refused = false;
    bool told = false;
    bool void_by_power = false;  ///< see power_was_cut()
    std::set<std::string> faults;
  };
  using Counts = std::map<std::string, int>;

  Entry* find(const std::string& encoded);
  Counts diary(std::size_t number) const;
  Counts files(const std::string& folder, std::string_view word) const;
  void check_presence(bool outboxes_count);
  void tell_files();
  void fault(std::size_t& count, Entry& entry, const std::string& what);

  Files& files_;
  Story& story_;
  std::vector<std::string> diaries_;
  std::string outboxes_;  ///< folder
  std::map<std::string, Entry> entries_;
  std::set<std::string, std::less<>> lines_;  ///< of entries_
  Counts before_owner_;
  Counts excused_;                          ///< so many copies are the owner's doing, or a torn save's
  std::set<std::string> unseen_by_server_;  ///< written by the owner: who writes it, too, knows no better
  bool owner_acted_ = false;
  bool unguarded_ = false;        ///< a power cut may have taken the newest notes, and no server has started since
  bool owner_unnoticed_ = false;  ///< since all was looked at
  std::string checked_;           ///< what the diaries held at the last check()
  Verdict verdict_;
  std::vector<std::string> faults_;
};

}  // namespace md2::sim

#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace md2::test {

/// What became of everything that was written.
struct Verdict {
  std::size_t entries = 0;       ///< kept or acknowledged
  std::size_t acknowledged = 0;  ///< of these
  std::size_t lost = 0;          ///< acknowledged and not in the diary; kept and in no outbox either
  std::size_t doubled = 0;       ///< more than once in the diary
  std::size_t torn = 0;          ///< items of the diary that are no whole entry and not the owner's
  std::size_t out_of_order = 0;  ///< before an entry that the same client wrote earlier
  std::string details;           ///< a line for each fault

  bool clean() const { return lost + doubled + torn + out_of_order == 0; }
};

/// What the clients of a test have written and been told, to be held against the files. Take it where something may be
/// lost or doubled; a Scene has one. Every text is written once only, so a text tells the entry.
class Ledger {
 public:
  enum class State {
    offered,       ///< the client may have been killed before it kept it: it may be gone, with all it was given later
    kept,          ///< Enter returned
    acknowledged,  ///< `saved` came
  };

  /// Entries of one client are noted in the order in which it was given them. A state only ever rises.
  void note(const std::string& client, const std::string& text, State state);

  /// Raises what stands in the outbox: whoever finds it there may rely on it.
  void note_outbox(std::string_view outbox);

  /// The owner wrote this line into the diary himself.
  void note_owner(const std::string& line) { owner_lines_.insert(line); }

  /// `diary` as it is, `outbox` all outboxes, `missing` what the server kept when the owner took it out of the diary.
  Verdict check(std::string_view diary, std::string_view outbox = {}, std::string_view missing = {}) const;

 private:
  struct Written {
    std::string text;
    State state;
  };

  std::map<std::string, std::vector<Written>> clients_;
  std::set<std::string> owner_lines_;
};

/// What the fault suite has done; printed at the end of the run. Several threads may count at once.
struct Tally {
  using Count = std::atomic<std::size_t>;

  Count kills = 0;
  Count errors = 0;
  Count cuts = 0;  ///< of connections, of the file's end, of power
  Count entries = 0;
  Count acknowledged = 0;
  Count lost = 0;
  Count doubled = 0;

  void add(const Verdict& verdict);
  std::string text() const;
};
/// Of this process and of those that it forks after the first call.
Tally& tally();

}  // namespace md2::test

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/ledger.h"

namespace md2::sim {

/// What the diaries have ever been, to be held against what clients are shown.
class States {
 public:
  States(const Files& files, const Ledger& ledger, std::vector<std::string> diaries)
      : files_(files), ledger_(ledger), diaries_(std::move(diaries)) {}

  /// To be called whenever something may have changed. `servers`: processes, which may hold a file without a name.
  void note(const std::vector<int>& servers);

  /// From now on states are kept, for an answer that was asked for.
  void keep() { kept_ = true; }

  /// A diary has been just this since keep(), or, `corrected`, this is what is shown of it.
  bool was(const std::string& answer, bool corrected) const;

  /// A diary has ever had this line, or goes on with it behind what was its end. `first`: so many bytes of it came at
  /// once, and what follows may be of another state of the file, in which the bytes before it were the same.
  bool had_line(const std::string& line, std::size_t first) const;

  /// The first diary holds these bytes there.
  bool hold(std::uint64_t offset, const std::string& bytes) const;

 private:
  /// A file that is or was a diary. An owner's program that has it open writes to it, and a server reads it, until they
  /// see that another one bears the name.
  struct Seen {
    std::weak_ptr<Inode> file;
    std::string bytes;  ///< as its lines were noted last
  };

  void keep(const std::string& bytes);
  void note_lines(Seen& seen);
  bool begins_line(std::string_view bytes) const;
  bool ends_line(std::string_view bytes, std::size_t longer_than) const;

  const Files& files_;
  const Ledger& ledger_;
  std::vector<std::string> diaries_;
  std::vector<Seen> seen_;
  std::set<std::string, std::less<>> lines_;
  std::set<std::string> unfinished_;  ///< ends behind the last newline
  bool kept_ = false;
  std::vector<std::string> states_;
};

}  // namespace md2::sim

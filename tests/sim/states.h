#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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
      : files_(files), ledger_(ledger), diaries_(std::move(diaries)), seen_(diaries_.size()) {}

  /// To be called whenever something may have changed. `servers`: processes, which may hold a file without a name.
  void note(const std::vector<int>& servers);

  /// From now on states are kept, for an answer that was asked for.
  void keep() { kept_ = true; }

  /// A diary has been just this since keep().
  bool was(const std::string& answer) const;

  /// A diary has ever had this line, or goes on with it behind what was its end.
  bool had_line(const std::string& line) const;

  /// The first diary holds these bytes there.
  bool hold(std::uint64_t offset, const std::string& bytes) const;

 private:
  void keep(const std::string& bytes);

  const Files& files_;
  const Ledger& ledger_;
  std::vector<std::string> diaries_;
  std::vector<std::string> seen_;  ///< each diary as its lines were noted last
  std::set<std::string, std::less<>> lines_;
  std::set<std::string> unfinished_;  ///< ends behind the last newline
  bool kept_ = false;
  std::vector<std::string> states_;
};

}  // namespace md2::sim

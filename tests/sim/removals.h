#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/sim/files.h"
#include "tests/sim/ledger.h"

namespace md2::sim {

/// What the owner has taken out of a diary, and what he was told of it. Each removal brings at most one copy of an
/// entry into a `.missing` file; a server that dies between that and its note of it may leave one more.
class Removals {
 public:
  Removals(const Files& files, std::string diary) : files_(files), diary_(std::move(diary)) {}

  /// To be called before and after whatever may take an entry out.
  void look();
  void server_died() { ++deaths_; }
  void announced(std::string_view text);

  /// At the end. `once`: nothing was kept oftener than it was taken out, and as often as a server died. `told`: of what
  /// is nowhere else a file was announced.
  void check(Ledger& ledger, bool once, bool told) const;

 private:
  const Files& files_;
  std::string diary_;
  std::string seen_;              ///< the diary at the last look
  std::set<std::string> stands_;  ///< entries, by key_of()
  std::map<std::string, std::size_t> removals_;
  std::size_t deaths_ = 0;
  std::set<std::string> announced_;  ///< names of files
};

}  // namespace md2::sim

#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace md2 {

/// What can't be taken of an import, for one report at its end.
class FaultReport {
 public:
  void add(std::string fault) { faults_.push_back(std::move(fault)); }
  std::size_t count() const { return faults_.size(); }

  /// A line each behind `heading`; where a person reads it at a terminal, 20 of them, and how many more there are.
  std::string text(const std::string& heading, bool terminal) const;

 private:
  std::vector<std::string> faults_;
};

}  // namespace md2

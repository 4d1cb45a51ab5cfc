#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/bench/measure.h"

namespace md2::bench {

/// What issue and README say of a figure. It decides nothing: the table says when it was missed.
struct Claim {
  std::string text;
  std::function<bool(double ours, double theirs)> holds;  ///< empty: no claim
};

Claim ratio_at_least(double limit);
Claim ratio_at_most(double limit);
Claim more_at_most(double limit, const std::string& unit);  ///< than what stands beside it
Claim at_least(double limit, const std::string& unit);      ///< whatever stands beside it
Claim at_most(double limit, const std::string& unit);

/// What a figure is measured beside: the machine's floor, or a peer.
struct Beside {
  std::string name;
  Measure measure;  ///< in the unit of the figure; empty: it is not installed
  Claim claim = {};
};

/// One line a figure and, indented below it, one for each thing it was measured beside, with the ratio of the figure to
/// it.
class Table {
 public:
  Table();

  void figure(const std::string& name, double value, const std::string& unit, const Claim& claim = {});
  void beside(const std::string& name, double ours, double theirs, const std::string& unit, const Claim& claim = {});
  void missing(const std::string& name);

  /// Measures `ours` and all beside it in turn, and prints their medians.
  void compare(const std::string& name, const std::string& unit, const Measure& ours, const std::vector<Beside>& others,
               const Claim& claim = {});
};

}  // namespace md2::bench

#include "tests/bench/table.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <string_view>

namespace md2::bench {
namespace {

constexpr double small = 1000;  ///< with digits behind the point

/// To four digits, more would be noise.
std::string rounded(double value) {
  const double size = std::abs(value);
  return fmt::format("{:.{}f}", value, size < 10 ? 2 : size < small ? 1 : 0);
}

void line(std::string_view name, std::string_view figure, std::string_view unit, std::string_view ratio,
          std::string_view claim) {
  std::string text = fmt::format("{:<52}{:>9} {:<9}{:>6}  {}", name, figure, unit, ratio, claim);
  text.erase(text.find_last_not_of(' ') + 1);
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

std::string judged(const Claim& claim, double ours, double theirs) {
  if (!claim.holds) return {};
  return claim.text + (claim.holds(ours, theirs) ? "" : ": missed");
}

}  // namespace

Claim ratio_at_least(double limit) {
  return {fmt::format("at least {}", limit), [=](double ours, double theirs) { return ours >= limit * theirs; }};
}

Claim ratio_at_most(double limit) {
  return {fmt::format("at most {}", limit), [=](double ours, double theirs) { return ours <= limit * theirs; }};
}

Claim more_at_most(double limit, const std::string& unit) {
  return {fmt::format("at most {} {} more", limit, unit),
          [=](double ours, double theirs) { return ours <= theirs + limit; }};
}

Claim at_least(double limit, const std::string& unit) {
  return {fmt::format("at least {} {}", limit, unit), [=](double ours, double) { return ours >= limit; }};
}

Claim at_most(double limit, const std::string& unit) {
  return {fmt::format("at most {} {}", rounded(limit), unit), [=](double ours, double) { return ours <= limit; }};
}

Table::Table() {
  line("each figure, and what it was measured beside", "median", "", "ratio", "claim");
}

void Table::figure(const std::string& name, double value, const std::string& unit, const Claim& claim) {
  line(name, rounded(value), unit, "", judged(claim, value, 0));
}

void Table::beside(const std::string& name, double ours, double theirs, const std::string& unit, const Claim& claim) {
  line("    " + name, rounded(theirs), unit, fmt::format("{:.2f}", ours / theirs), judged(claim, ours, theirs));
}

void Table::missing(const std::string& name) {
  line("    " + name, "-", "", "", "not installed");
}

void Table::compare(const std::string& name, const std::string& unit, const Measure& ours,
                    const std::vector<Beside>& others, const Claim& claim) {
  std::vector<Measure> measures{ours};
  for (const Beside& other : others) {
    if (other.measure) measures.push_back(other.measure);
  }
  const std::vector<double> medians = alternate(measures);
  figure(name, medians[0], unit, claim);
  for (std::size_t next = 1; const Beside& other : others) {
    if (other.measure) {
      beside(other.name, medians[0], medians[next++], unit, other.claim);
    } else {
      missing(other.name);
    }
  }
}

}  // namespace md2::bench

// md2sim: the whole world of md2, seed by seed.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/os/error.h"
#include "common/os/usage.h"
#include "tests/sim/run.h"

using namespace md2;
using namespace md2::sim;

namespace {

const char* const usage = R"(Runs worlds in which md2 meets misfortune, and looks whether it keeps its promise.

Usage:
  md2sim [--seeds=A..B] [--steps=N] [--mutant=NAME] [--finds=WORDS] [--without=WORDS]

Options:
  --seeds=A..B   The seeds to run; of a single one the story is told. [default: 1..1000]
  --steps=N      Steps of each world. [default: 250]
  --mutant=NAME  With a fault made on purpose: lying-disk, since, outbox-sync, forgotten-outbox, L1, or one of
                 tests/sim/mutants, which `make mutants` builds. Implies the --finds that it is made for.
  --finds=WORDS  A fault whose line has these words is what is wanted: the first seed with one ends the run, with 0.
  --without=WORDS  Without some misfortunes: kills, power, cuts, owner, between, full, syncs, short, clocks, zones,
                 impossible, other, reads. What is left is as it was.
  -h --help      Show this.
)";

std::uint64_t number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size()) throw Error(fmt::format("'{}' is no number", text));
  return value;
}

struct Seeds {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

Seeds seeds_of(const std::string& text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) return {number_of(text), number_of(text)};
  return {number_of(text.substr(0, dots)), number_of(text.substr(dots + 2))};
}

/// A mutant that is built apart is a program of its own.
[[noreturn]] void run_patched(const MutantRow& mutant, char** argv) {
  const auto program =
      std::filesystem::read_symlink("/proc/self/exe").replace_filename(fmt::format("mutants/{}", mutant.name));
  std::string finds = fmt::format("--finds={}", mutant.finds);
  std::vector<char*> words{argv[0], finds.data()};
  for (char** word = argv + 1; *word != nullptr; ++word) {
    if (!std::string_view(*word).starts_with("--mutant")) words.push_back(*word);
  }
  words.push_back(nullptr);
  execv(program.c_str(), words.data());
  throw Error(fmt::format("there is no '{}': `make mutants` builds it", program.string()));
}

struct Total {
  std::uint64_t seeds = 0;
  Verdict verdict;
  std::array<std::size_t, kinds> events{};
  std::array<std::size_t, kinds> in_seeds{};

  void add(const Result& result) {
    ++seeds;
    verdict.entries += result.verdict.entries;
    verdict.lost += result.verdict.lost;
    verdict.doubled += result.verdict.doubled;
    verdict.wrong += result.verdict.wrong;
    for (std::size_t i = 0; i < kinds; ++i) {
      events[i] += result.counts[i];
      in_seeds[i] += result.counts[i] > 0 ? 1 : 0;
    }
  }

  /// In at least 1 % of the seeds; a few seeds can't tell.
  bool common(std::size_t kind) const { return seeds < 1000 || in_seeds[kind] * 100 >= seeds; }

  bool each_is_common() const {
    for (std::size_t i = 0; i < kinds; ++i) {
      if (!common(i)) return false;
    }
    return true;
  }

  void print() const {
    fmt::print("  {:>9}  {:>6}  event\n", "times", "seeds");
    for (std::size_t i = 0; i < kinds; ++i) {
      fmt::print("  {:>9}  {:>4.0f} %  {}\n", events[i],
                 100.0 * static_cast<double>(in_seeds[i]) / static_cast<double>(seeds), name_of(static_cast<Kind>(i)));
    }
    for (std::size_t i = 0; i < kinds; ++i) {
      if (!common(i)) fmt::print("too rare to prove anything: {}\n", name_of(static_cast<Kind>(i)));
    }
    fmt::print("seeds {}, entries {}, lost {}, doubled {}, wrong {}\n", seeds, verdict.entries, verdict.lost,
               verdict.doubled, verdict.wrong);
  }
};

void tell(std::uint64_t seed, Settings settings) {
  settings.told = true;
  fmt::print("the story of seed {}:\n", seed);
  for (const std::string& line : run_seed(seed, settings).story) fmt::print("{}\n", line);
}

/// The faults of a seed that are wanted; any, when nothing is.
std::optional<std::string> fault_of(const Result& result, const std::string& wanted) {
  const auto fault = std::find_if(result.faults.begin(), result.faults.end(),
                                  [&](const std::string& line) { return line.find(wanted) != line.npos; });
  return fault == result.faults.end() ? std::nullopt : std::optional(*fault);
}

int run(const Seeds& seeds, const Settings& settings, const std::string& wanted) {
  constexpr std::size_t most_named = 50;
  Total total;
  std::size_t failing = 0;
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    const Result result = run_seed(seed, settings);
    total.add(result);
    const auto fault = fault_of(result, wanted);
    if (fault && ++failing <= most_named) fmt::print("seed {}: {}\n", seed, *fault);
    if ((fault && failing == 1 && wanted.empty()) || seeds.first == seeds.last) tell(seed, settings);
    if (fault && !wanted.empty()) break;  // that it can be found was the question
  }
  total.print();
  if (!wanted.empty()) return failing > 0 ? 0 : 1;
  return total.verdict.clean() && total.each_is_common() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Arguments arguments = parse_arguments("md2sim", usage, {argv + 1, argv + argc});
    const Seeds seeds = seeds_of(*arguments.value("--seeds"));
    std::string wanted;
    Settings settings;
    settings.steps = number_of(*arguments.value("--steps"));
    if (arguments.given("--without")) settings.without = *arguments.value("--without");
    if (arguments.given("--mutant")) {
      const std::string name = *arguments.value("--mutant");
      const auto mutant = mutant_of(name);
      if (!mutant) throw Error(fmt::format("no mutant '{}'", name));
      if (mutant->mutant == Mutant::patched) run_patched(*mutant, argv);
      settings.mutant = mutant->mutant;
      wanted = mutant->finds;
    }
    if (arguments.given("--finds")) wanted = *arguments.value("--finds");
    return run(seeds, settings, wanted);
  } catch (const Error& error) {
    fmt::print(stderr, "md2sim: {}\n", error.what());
    return 1;
  }
}

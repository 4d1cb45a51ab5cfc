// What a question costs, each as a whole process, beside programs that look at the file themselves.
#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "tests/bench/bench.h"
#include "tests/bench/floor.h"
#include "tests/bench/peers.h"
#include "tests/bench/process.h"
#include "tests/support/files.h"

namespace md2::bench {

using namespace md2::test;

namespace {

/// A process that does nothing.
Measure nothing(const Kept& kept) {
  return [&kept] { return time_process(kept.sandbox(), {"true"}); };
}

/// A process that sets up TLS and does nothing with it: what the system's libraries cost each program that links them.
Measure tls_set_up(const Kept& kept) {
  return [&kept] { return time_process(kept.sandbox(), {"openssl", "ciphers"}); };
}

/// The program with its output in a file: grep(1) does less when that is /dev/null.
Measure into_file(const Kept& kept, const Command& command) {
  return [&kept, command] { return time_process(kept.sandbox(), command, kept.sandbox().path("out")); };
}

/// The same, and what came must be this.
Measure into_file(const Kept& kept, const Command& command, const std::function<bool(const std::string& path)>& right) {
  return [&kept, command, right] {
    const std::string out = kept.sandbox().path("out");
    const double time = time_process(kept.sandbox(), command, out);
    if (!right(out)) throw Failure(fmt::format("'{}' gave not what it should", command.back()));
    return time;
  };
}

std::function<bool(const std::string&)> has_entries(std::ptrdiff_t count) {
  return [count](const std::string& path) {
    const std::string text = read_file(path);
    return static_cast<std::ptrdiff_t>(text.size()) == count * static_cast<std::ptrdiff_t>(entry_size);
  };
}

Measure when(bool installed, Measure measure) {
  return installed ? std::move(measure) : Measure();
}

}  // namespace

// NOLINTBEGIN(clang-analyzer-cplusplus.NewDeleteLeaks): it does not see that a std::function deletes what it holds.
void search(Bench& bench) {
  Kept& kept = bench.large();
  const std::string file = kept.diary();
  std::vector<Beside> others{{"memmem over the file", [&] { return time_memmem(file, rare_word); }}};
  if (bench.with_peers())
    others.push_back({"rg", when(installed("rg"), into_file(kept, {"rg", rare_word, file})), ratio_at_most(1.25)});
  others.push_back({"grep -F", into_file(kept, {"grep", "-F", rare_word, file}), ratio_at_most(1)});
  bench.table().compare("a rare word in 1 GiB", "ms", into_file(kept, kept.client({"read", rare_word}), has_entries(3)),
                        others);
}

void last(Bench& bench) {
  Kept& large = bench.large();
  Kept small(10);
  bench.table().compare(
      "the last ten of 1 GiB", "ms", into_file(large, large.client({"read", "-10"}), has_entries(10)),
      {{"the last ten of ten", into_file(small, small.client({"read", "-10"}), has_entries(10)), more_at_most(5, "ms")},
       {"/bin/true", nothing(large)}});
}
// NOLINTEND(clang-analyzer-cplusplus.NewDeleteLeaks)

void stream(Bench& bench) {
  Kept& kept = bench.large();
  const auto size = std::filesystem::file_size(kept.diary());
  const auto whole = [size](const std::string& path) { return std::filesystem::file_size(path) >= size; };
  std::vector<Beside> others{{"cat", into_file(kept, {"cat", kept.diary()}, whole)},
                             {"a plain loop over loopback", [&] {
                                const std::string copy = kept.sandbox().path("out");
                                std::filesystem::remove(copy);
                                return time_loopback(kept.diary(), copy);
                              }}};
  std::optional<Nginx> nginx;
  if (bench.with_peers()) {
    Measure fetch;
    if (Nginx::installed()) fetch = into_file(kept, nginx.emplace(kept.sandbox()).fetch(), whole);
    others.push_back({"curl from nginx, TLS", fetch, ratio_at_most(1)});
  }
  bench.table().compare("1 GiB into a file", "ms", into_file(kept, kept.client({"read"}), whole), others);
  std::filesystem::remove(kept.sandbox().path("out"));
}

void commands(Bench& bench) {
  Kept kept(100'000);
  std::optional<Jrnl> jrnl;
  if (bench.with_peers() && Jrnl::installed()) jrnl.emplace(kept.sandbox());
  const auto row = [&](const std::string& name, const Command& ours, const Command& theirs) {
    std::vector<Beside> others{{"/bin/true", nothing(kept)}, {"openssl ciphers", tls_set_up(kept), ratio_at_most(2)}};
    if (bench.with_peers()) {
      Measure measure;
      if (jrnl) measure = into_file(kept, jrnl->command(theirs));
      others.push_back({"jrnl", measure});
    }
    bench.table().compare(name, "ms", into_file(kept, kept.client(ours)), others, at_most(20, "ms"));
  };
  row("100,000 entries: add one", {"write", "今天写一点"}, {"今天写一点"});
  row("100,000 entries: the last ten", {"read", "-10"}, {"-n", "10"});
  row("100,000 entries: one word", {"read", rare_word}, {"-contains", rare_word});
  Kept empty(0);
  const Measure prompt = [&] { return time_on_terminal(empty.sandbox(), empty.client({}), "当下>>>"); };
  bench.table().compare("from exec to the prompt", "ms", prompt,
                        {{"/bin/true", nothing(empty)}, {"openssl ciphers", tls_set_up(empty), ratio_at_most(2)}});
  bench.note_memory("100,000 entries", kept.server(), 1);
}

void page(Bench& bench) {
  constexpr double mebibytes = 100;
  Kept kept(static_cast<std::size_t>(mebibytes * (1 << 20) / entry_size));
  const double megabytes = static_cast<double>(std::filesystem::file_size(kept.diary())) / 1e6;
  const auto rate = [&](const Command& command) -> Measure {
    return [&kept, megabytes, command] { return megabytes / time_on_terminal(kept.sandbox(), command) * 1000; };
  };
  Command into_pager{"env", "PAGER=cat >/dev/null"};
  const Command read = kept.client({"read"});
  into_pager.insert(into_pager.end(), read.begin(), read.end());
  // What making the page takes. How fast a terminal takes it is the kernel's business and the terminal's.
  bench.table().compare("a page of 100 MiB, thrown away by the pager", "MB/s", rate(into_pager), {},
                        at_least(100, "MB/s"));
  bench.table().compare("a page of 100 MiB through a pseudo-terminal", "MB/s", rate(read),
                        {{"cat", rate({"cat", kept.diary()})}});
  bench.note_memory("100 MiB as a page", kept.server(), 1);
}

}  // namespace md2::bench

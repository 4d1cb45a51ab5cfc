#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/kept.h"
#include "tests/bench/table.h"

namespace md2::bench {

inline constexpr std::size_t gibibyte = std::size_t{1} << 30;

/// The most memory that a process has had (proc(5), VmHWM).
double peak_mebibytes(pid_t pid);

/// What the parts of one run have in common.
class Bench {
 public:
  explicit Bench(bool with_peers) : with_peers_(with_peers) {}

  Table& table() { return table_; }
  bool with_peers() const { return with_peers_; }

  /// A diary of 1 GiB, which is made for the first part that asks.
  Kept& large();

  /// Before a server ends: the most memory that it has had (proc(5), VmHWM), and the most clients at once.
  void note_memory(const std::string& what, test::ServerProgram& server, std::size_t clients);

  /// Prints all that was noted.
  void print_memory();

 private:
  struct Memory {
    std::string what;
    double mebibytes;
    double limit;
  };

  Table table_;
  bool with_peers_;
  std::unique_ptr<Kept> large_;
  std::vector<Memory> memory_;
};

// The parts of the table. Each throws when something does not work.

void latency(Bench& bench);      ///< of one entry, from Enter to `saved`
void following(Bench& bench);    ///< of one entry, from Enter to the line on another's `read --follow`
void writers(Bench& bench);      ///< many clients that write at once
void search(Bench& bench);       ///< one word in a large diary
void last(Bench& bench);         ///< the last ten entries of a large diary
void stream(Bench& bench);       ///< a large diary into a file
void meanwhile(Bench& bench);    ///< writing while somebody searches a large diary
void neighbours(Bench& bench);   ///< writing beside clients that ask for much
void millions(Bench& bench);     ///< writing beside an edit of 3.7 million entries, when asked for: it takes minutes
void scale(Bench& bench);        ///< 10 GiB beside 1 GiB, when asked for: it takes 12 GB of disk, and a minute to make
void commands(Bench& bench);     ///< one process a question, 100,000 entries
void page(Bench& bench);         ///< a page on a terminal
void moving(Bench& bench);       ///< an old diary that is imported
void corrections(Bench& bench);  ///< a large diary with many of them
void html(Bench& bench);         ///< the page for a browser, 100,000 entries
void look_back(Bench& bench);    ///< tags, calendar and statistics, 100,000 entries

}  // namespace md2::bench

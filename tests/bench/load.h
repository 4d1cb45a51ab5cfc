#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "client/link/entry_clock.h"
#include "common/os/unique_fd.h"
#include "tests/bench/measure.h"
#include "tests/support/server_program.h"

namespace md2::bench {

inline constexpr std::size_t entry_text = 160;  ///< bytes at least; with its header an entry has 200

/// Clients that write as fast as their entries are saved, each with one under way: redis-benchmark's clients without
/// pipelining, on TLS connections. As there, one thread and one epoll(7) are all of them, and nothing is kept in an
/// outbox.
class Load {
 public:
  /// Connects them all, each after the last one's handshake is done.
  Load(test::ServerProgram& server, std::size_t clients);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  /// Waits until the server has told each of them of a change of the owner's.
  void hear_of_change();

  struct Outcome {
    double entries_per_second;
    Figures milliseconds;  ///< from each write to its `saved`
  };

  /// Everybody writes while `more` holds, which is asked before each write. Returns when all is saved. Throws
  /// test::Failure when an entry is not.
  Outcome run(const std::function<bool()>& more);

  /// The same with that many entries, which are made before: redis-benchmark sends one request over and over.
  Outcome run(std::size_t entries);

 private:
  class Writer;
  using Next = std::function<std::string()>;  ///< the next entry to write; empty: no more

  std::string make_entry();
  Outcome write_all(const Next& next);

  UniqueFd epoll_;
  EntryClock clock_;
  std::vector<std::unique_ptr<Writer>> writers_;
};

}  // namespace md2::bench

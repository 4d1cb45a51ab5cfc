#include "tests/bench/bench.h"

#include <fmt/format.h>

#include <fstream>

#include "common/os/error.h"

namespace md2::bench {
namespace {

constexpr double server_limit = 16.0;         ///< MiB
constexpr double client_limit = 20.0 / 1024;  ///< MiB for each client
constexpr std::size_t readers_at_once = 2;    ///< of the large diary: one that writes, one that searches

}  // namespace

double peak_mebibytes(pid_t pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string word; status >> word;) {
    double kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes / 1024;
  }
  throw Error("the server's memory is not to be seen in /proc");
}

Kept& Bench::large() {
  if (!large_) large_ = std::make_unique<Kept>(gibibyte / entry_size + 1);
  return *large_;
}

void Bench::note_memory(const std::string& what, test::ServerProgram& server, std::size_t clients) {
  memory_.push_back({fmt::format("server memory, {}", what), peak_mebibytes(server.program().pid()),
                     server_limit + client_limit * static_cast<double>(clients)});
}

void Bench::print_memory() {
  if (large_) note_memory("1 GiB read and searched", large_->server(), readers_at_once);
  for (const Memory& memory : memory_)
    table_.figure(memory.what, memory.mebibytes, "MiB", at_most(memory.limit, "MiB"));
}

}  // namespace md2::bench

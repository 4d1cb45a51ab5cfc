// What a world does to the calls of its programs.
#include <algorithm>

#include "tests/sim/world.h"

namespace md2::sim {

bool World::is_server(int process) const {
  return std::any_of(servers_.begin(), servers_.end(),
                     [&](const auto& server) { return server && server->number() == process; });
}

bool World::between_calls(int process, Call call, bool within) {
  if (calm_) return false;
  if (in_turn_ && climate_.owner_between && servers_[0] && process == servers_[0]->number()) {
    if (within && call == Call::fdatasync && random_.chance(15)) {
      owner_acts(true);
    } else if (call != Call::ftruncate && random_.chance(call == Call::write ? 30 : 6)) {
      // A cut knows no condition: who acts between the last look and it can't be seen by anybody.
      owner_acts(false, call == Call::write);
    }
  }
  if (process != doomed_ || doom_ == 0) return false;
  --doom_;
  if (doom_ > 0) return false;
  doomed_ = 0;
  return true;
}

bool World::sync_fails(int process) {
  if (calm_ || !sync_trouble_) return false;
  sync_trouble_ = false;
  if (is_server(process)) story_.happens(Kind::sync_failed, "a sync of the server fails");
  return true;
}

bool World::sync_lies(int process) {
  return is_server(process) ? mutant_ == Mutant::lying_disk : mutant_ == Mutant::outbox_sync;
}

std::size_t World::written_at_once(int process, std::size_t bytes) {
  (void)process;
  if (calm_ || !climate_.short_writes || bytes < 2 || !random_.chance(200)) return bytes;
  story_.happens(Kind::short_write, "a write is short");
  return random_.between(1, bytes - 1);
}

void World::cutting(int process, const Inode& inode, std::uint64_t size) {
  if (!is_server(process) || size >= inode.now.size()) return;
  const std::string gone = inode.now.authors.substr(static_cast<std::size_t>(size));
  if (gone.find(author::owner) == std::string::npos) return;
  // After a power cut NULs may be what is left of anybody's text; they are moved, and told.
  if (inode.now.bytes.find('\0', static_cast<std::size_t>(size)) != std::string::npos) return;
  const std::string bytes = inode.now.bytes.substr(static_cast<std::size_t>(size));
  // What the ring has noted as an append and stands there byte for byte is one, whoever wrote it once more.
  const InodePtr ring = files_.find(files_.real_path(owner_.diary()) + ".ring");
  if (ring && ring->now.bytes.find(bytes) != std::string::npos) return;
  // What stops before the time in a header is complete can be the beginning of anybody's entry; it is moved, and told.
  constexpr std::size_t time_ends = 27;  // [2015-10-28 21:26:03.417293
  if (bytes.size() < time_ends && ledger_.begins_entry(bytes)) return;
  ledger_.wrong(fmt::format("md2 cuts off {} bytes, and not all of them are its own: {}", gone.size(), brief(bytes)));
}

}  // namespace md2::sim

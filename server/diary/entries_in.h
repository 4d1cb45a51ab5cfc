#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "common/os/read_ahead.h"
#include "server/diary/proof.h"
#include "server/diary/ring.h"

namespace md2 {

/// Gives each entry of `bytes`, which stand at `offset` in the diary, to `take`: its place, and its text without
/// carriage returns and without newlines at its end. Loose lines are left out, also behind an entry in a file with
/// CRLF. `finished`: nothing follows, the last one counts as whole. Returns where those end that are whole.
std::uint64_t each_entry_in(std::string_view bytes, std::uint64_t offset, bool finished,
                            const std::function<void(std::uint64_t place, const std::string& text)>& take);

/// Makes a ring take up entries that stand in the diary `fd`: those that stand one behind another just as they were
/// saved, in one note. Call finish() at the end. Throws Error.
class TakingUp {
 public:
  TakingUp(Ring& ring, int fd) : ring_(ring), fd_(fd) {}

  void add(std::uint64_t place, std::string_view text);
  void finish();

 private:
  Ring& ring_;
  int fd_;
  ReadAhead file_;
  std::string run_;
  std::uint64_t place_ = 0;  ///< of run_
};

/// Makes the ring take up the entries that the last MiB before `end` of the diary `fd` holds. What it has stays: the
/// owner may be taking it out just now. False when the file is not what `proof` has looked at last: the owner may have
/// been writing it, and `end` cut through an entry. Then only those are taken up whose end was seen, and it is to be
/// done once more. Throws Error.
bool take_up_end(Ring& ring, int fd, std::uint64_t end, const Proof& proof);

}  // namespace md2

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/net/socket.h"

namespace md2 {

/// Looks a name up where nobody has to wait for it. getaddrinfo(3) takes as long as DNS does, half a minute where it is
/// silent, and can't be cancelled; but whoever leaves must not wait for it. So it runs in a thread that nobody joins,
/// which holds nothing but what it was asked for and its answer, and ends with the program. One look-up at most is
/// under way: whoever asks again meanwhile waits for the same.
///
/// Turned down: a child process (a program with threads can't just fork, so it would have to be another program,
/// started for what is nearly always an answer at once), getaddrinfo_a(3) (threads as well, and gai_cancel(3) cancels
/// nothing that has begun), a resolver of our own.
class Resolver {
 public:
  /// Begins to look up, unless it does already. Throws Error.
  void ask(const Address& address);

  /// Readable when take() has the answer. Valid after ask().
  int fd() const;

  /// All addresses of the name; nothing while they are not known. After that it can be asked again. Throws Error with
  /// the reason when there is none.
  std::optional<std::vector<SocketAddress>> take();

 private:
  struct LookUp;

  std::shared_ptr<LookUp> under_way_;
};

}  // namespace md2

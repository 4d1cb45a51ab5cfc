#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "client/link/conversation.h"

namespace md2 {

/// What follows the end of a connection, or of an attempt to get one: another attempt, after which pause, and whether
/// the user learns of it. It waits for nothing and knows no clock.
class Reconnector {
 public:
  enum class Next {
    attempt,  ///< after the pause: no news for anybody yet
    offline,  ///< the server is not there; another attempt after the pause
    no_key,   ///< the same, but it is the key that is missing or refused: somebody has to do something
    leave,    ///< this program ends
  };
  struct Decision {
    Next next = Next::leave;
    bool tell = false;  ///< the user has not been told yet
    std::chrono::milliseconds pause{0};
  };

  /// `patient`: what a server that many try to reach at once may do is no news yet.
  Decision after(const Ending& ending, bool patient = true);

  /// The pause was cut short because there is something to send: the attempt that follows makes no later pause longer.
  void cut_short() { failures_ = std::max(failures_ - 1, 0); }

 private:
  std::chrono::milliseconds next_pause();

  int failures_ = 0;                 ///< one after another, since a server last greeted
  std::optional<Ending::Why> told_;  ///< the same: why the server is not there, as last told
};

}  // namespace md2

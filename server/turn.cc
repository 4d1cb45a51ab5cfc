#include "server/turn.h"

namespace md2 {

Turn& endless_turn() {
  static Turn turn(real_clock());
  return turn;
}

}  // namespace md2

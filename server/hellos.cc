#include "server/hellos.h"

namespace md2 {

bool Hellos::take(std::uint64_t random) {
  if (!known_.insert(random).second) return false;
  in_order_.push_back(random);
  if (in_order_.size() > most) {
    known_.erase(in_order_.front());
    in_order_.pop_front();
  }
  return true;
}

}  // namespace md2

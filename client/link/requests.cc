#include "client/link/requests.h"

#include <utility>

namespace md2 {

void Requests::ask(Verb verb, std::uint64_t number, std::string text) {
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back({verb, number, std::move(text)});
  }
  wake_.wake();
}

void Requests::stop() {
  stopping_ = true;
  wake_.wake();
}

std::vector<Message> Requests::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(requests_, {});
}

}  // namespace md2

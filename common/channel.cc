#include "common/channel.h"

namespace md2 {

void Channel::receive(std::string_view bytes) {
  received_ += bytes;
}

void Channel::receive_end() {
  if (state_ == State::open) state_ = State::truncated;
}

bool Channel::read(std::string& out, std::size_t limit) {
  if (received_.empty()) return false;
  out.append(received_, 0, limit);
  received_.erase(0, limit);
  return true;
}

void Channel::write(std::string_view bytes) {
  outgoing_ += bytes;
}

void Channel::close() {
  state_ = State::closed;
}

std::string_view Channel::outgoing() {
  return outgoing_;
}

void Channel::sent(std::size_t count) {
  outgoing_.erase(0, count);
}

Channel::State Channel::state() const {
  return state_;
}

const std::string& Channel::fault() const {
  return fault_;
}

const std::string& Channel::identity() const {
  return identity_;
}

}  // namespace md2

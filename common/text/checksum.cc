#include "common/text/checksum.h"

#include <cstring>

namespace md2 {
namespace {

std::uint64_t mixed(std::uint64_t sum, std::uint64_t word) {
  sum = (sum ^ word) * 0x9e3779b97f4a7c15U;
  return sum ^ sum >> 29U;
}

}  // namespace

std::uint64_t Checksum::value() const {
  return mixed(value_, word_ + filled_);
}

void Checksum::add(std::string_view bytes) {
  for (; !bytes.empty() && filled_ > 0; bytes.remove_prefix(1)) add_byte(bytes.front());
  for (; bytes.size() >= sizeof word_; bytes.remove_prefix(sizeof word_)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    value_ = mixed(value_, word);
  }
  for (const char byte : bytes) add_byte(byte);
}

void Checksum::add_byte(char byte) {
  word_ |= std::uint64_t{static_cast<unsigned char>(byte)} << 8 * filled_;
  if (++filled_ < sizeof word_) return;
  value_ = mixed(value_, word_);
  word_ = 0;
  filled_ = 0;
}

}  // namespace md2

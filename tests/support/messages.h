#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/net/message.h"

namespace md2::test {

/// The bytes of one message, for what takes bytes without a socket; over one, WireClient sends.
inline std::string message(Verb verb, std::uint64_t number = 0, std::string_view text = {},
                           std::uint64_t second = 0) {
  std::string bytes;
  append_message(bytes, verb, number, text, second);
  return bytes;
}

}  // namespace md2::test

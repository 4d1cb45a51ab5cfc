#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/net/message.h"

namespace md2::test {

/// The bytes of one message, for what takes bytes without a socket; over one, WireClient sends.
inline std::string message(Verb verb, std::uint64_t number = 0, std::string_view text = {}, std::uint64_t second = 0,
                           std::uint64_t check = 0) {
  std::string bytes;
  append_message(bytes, verb, number, text, second, check);
  return bytes;
}

/// The identity of a diary that only a test knows of.
inline const std::string some_identity(32, '5');

/// The bytes of a server's greeting.
inline std::string greeting_message(std::uint64_t offset = 0, const std::string& identity = some_identity) {
  std::string bytes;
  append_greeting(bytes, "26.11.22.1530", offset, identity);
  return bytes;
}

}  // namespace md2::test

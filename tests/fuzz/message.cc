// Messages of either side, cut anywhere: what is read is what would be written, however it was cut.
#include "common/net/message.h"

#include <cstdint>
#include <vector>

#include "common/os/error.h"
#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

namespace {

/// All messages up to the first fault, in pieces of `step` bytes.
std::vector<Message> read_all(Role sender, std::string_view bytes, std::size_t step) {
  std::vector<Message> messages;
  MessageReader reader(sender);
  try {
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      reader.feed(bytes.substr(at, step));
      while (auto message = reader.next()) messages.push_back(std::move(*message));
    }
    return messages;
  } catch (const ProtocolError&) {
    return messages;
  }
}

void append(std::string& out, const Message& message) {
  if (message.verb == Verb::greeting) return append_greeting(out, message.text, message.number, message.identity);
  append_message(out, message.verb, message.number, message.text, message.second, message.check);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const Role sender = input.byte() % 2 == 0 ? Role::client : Role::server;
  const std::size_t step = 1 + input.byte();
  const std::string_view bytes = input.rest();
  const std::vector<Message> messages = read_all(sender, bytes, step);
  require(messages == read_all(sender, bytes, bytes.size() + 1));
  std::string written;
  for (const Message& message : messages) append(written, message);
  require(messages == read_all(sender, written, written.size() + 1));
  return 0;
}

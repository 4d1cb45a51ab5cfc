// TLS records that a stranger or a broken network makes up, to either side, before and after the handshake.
#include "common/net/channel.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

namespace {

constexpr std::size_t slice = std::size_t{64} << 10;

Key key() {
  Key key;
  key.identity = "fuzz";
  key.secret.fill(7);
  return key;
}

/// Hands over what one side has to send, with one byte changed when `at` is inside it.
void carry(Channel& from, Channel& to, std::size_t at, std::uint8_t change) {
  std::string bytes(from.outgoing().substr(0, slice));
  from.sent(bytes.size());
  if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ change);
  to.receive(bytes);
}

std::string read_all(Channel& channel) {
  std::string out;
  while (channel.read(out, slice)) {
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static ServerTlsContext server_tls({key()});
  static ClientTlsContext client_tls(key());
  Channel server(server_tls);
  Channel client(client_tls);
  Input input(data, size);
  bool honest = true;   // nobody has changed or made up a byte yet
  std::string said[2];  // by client, by server
  std::string heard[2];
  while (!input.empty()) {
    const std::uint8_t what = input.byte();
    const bool up = what % 2 == 0;
    Channel& from = up ? client : server;
    Channel& to = up ? server : client;
    switch (what / 2 % 6) {
      case 0:
        carry(from, to, SIZE_MAX, 0);
        break;
      case 1: {
        const std::size_t at = input.byte() * 256u + input.byte();
        const std::uint8_t change = input.byte();
        if (change != 0 && at < from.outgoing().size()) honest = false;
        carry(from, to, at, change);
        break;
      }
      case 2: {
        const std::string_view made_up = input.bytes(input.byte());
        if (!made_up.empty()) honest = false;
        to.receive(made_up);
        break;
      }
      case 3: {
        const std::string_view words = input.bytes(input.byte());
        from.write(words);
        if (honest) said[up ? 0 : 1] += words;
        break;
      }
      case 4:
        from.close();
        break;
      default:
        to.receive_end();
        break;
    }
    heard[0] += read_all(server);
    heard[1] += read_all(client);
    for (Channel* channel : {&server, &client}) {
      (void)channel->congested();
      require((channel->state() == Channel::State::failed) == (channel->fault_kind() != Channel::Fault::none));
    }
    // Whatever was done to the records: what is heard is what was said, as far as it came.
    if (honest) require(said[0].starts_with(heard[0]) && said[1].starts_with(heard[1]));
  }
  return 0;
}

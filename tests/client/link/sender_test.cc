#include "client/link/sender.h"

#include <doctest/doctest.h>

#include "tests/client/outbox/outbox_folder.h"
#include "tests/support/files.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("entries in doubt of another outbox file are asked about from the diary's beginning") {
  const OutboxFolder folder;
  write_file(folder.left(1), entries(0, 2));
  write_file(folder.left(2), entries(2, 4));
  Outbox outbox(folder.path(), outbox_server);
  Sender sender(outbox);
  sender.connected();
  sender.heard_of(9000);
  const auto sinces = [&] {
    std::string out;
    sender.send(out, 1 << 20);
    MessageReader reader(Side::client);
    reader.feed(out);
    std::vector<std::uint64_t> found;
    while (const auto message = reader.next()) found.push_back(message->number);
    return found;
  };
  using Sinces = std::vector<std::uint64_t>;
  CHECK(sinces() == Sinces{0});
  CHECK(sinces() == Sinces{});
  sender.answered({Verb::saved, 500, {}});
  CHECK(sinces() == Sinces{500});
  sender.answered({Verb::saved, 700, {}});
  CHECK(sinces() == Sinces{0});
  sender.answered({Verb::saved, 100, {}});
  CHECK(sinces() == Sinces{100});
}

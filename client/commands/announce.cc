#include "client/commands/announce.h"

#include <string>

#include "client/link/client.h"
#include "common/os/error.h"
#include "common/text/text.h"

namespace md2 {

int run_announce(const ClientOptions& options) {
  const std::string text(trimmed(options.text));
  std::string fault = text_error(text);
  if (text.empty()) fault = "it is empty";
  if (text.size() > max_announcement) fault = "it is longer than 64 KiB";
  if (!fault.empty()) throw Error("not announced: " + fault);
  Client client(options, false);
  if (!client.wait_for_greeting()) throw Error(client.fault());
  client.requests().ask(Verb::announce, 0, text);
  while (client.next_message().verb != Verb::announced) {
  }
  return client.exit_status_of_reader();
}

}  // namespace md2

#include "client/commands/write.h"

#include <unistd.h>

#include <string>

#include "client/commands/read_piece.h"
#include "client/link/client.h"
#include "common/diary/entry.h"
#include "common/text/text.h"

namespace md2 {

int run_write(const ClientOptions& options) {
  std::string text = options.text;
  while (!options.has_text && text.size() <= 2 * max_text && read_piece(STDIN_FILENO, "standard input", text)) {
  }
  Client client(options, false);
  client.keep({client.make_entry(std::string(trimmed(text)))});
  client.wait_until_saved();
  return client.exit_status();
}

}  // namespace md2

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <string>

#include "common/net/keys.h"
#include "common/os/heap.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"
#include "common/os/version.h"
#include "common/text/text.h"
#include "server/activation.h"
#include "server/key_file.h"
#include "server/log.h"
#include "server/notify.h"
#include "server/options.h"
#include "server/purge.h"
#include "server/server.h"

namespace {

/// The line alone goes to standard output, which may be the file that it belongs into.
void make_new_key(const md2::ServerOptions& options) {
  md2::put_out(md2::add_key(options.keys, *options.new_key, options.rights) + "\n");
  const bool writes = options.rights == md2::Rights::write;
  std::string said = md2::tr(
      "This line is now in {}. Copy it into ~/.config/md2/servers/HOST_PORT on '{}' (chmod 600), by a way\n"
      "that nobody else can read. A server that is running takes it after: kill -HUP PID. There:",
      md2::sanitised(options.keys), *options.new_key);
  said += writes ? "\nmd2client --server=HOST:PORT write TEXT\n" : "\nmd2client --server=HOST:PORT\n";
  if (writes) said += md2::tr("This key writes entries; it reads and corrects none.") + "\n";
  md2::put_err("\n" + said);
}

}  // namespace

int main(int argc, char** argv) {
  md2::open_standard_streams();
  md2::keep_freed_memory();
  md2::choose_language();
  int status = 0;
  std::signal(SIGPIPE, SIG_IGN);  // an output that nobody reads is an error of write(2)
  try {
    const md2::ServerOptions options = md2::parse_server_options(argc, argv);
    if (options.purge) {
      std::signal(SIGXFSZ, SIG_IGN);
      md2::put_out(md2::purge(options.diary));
      return 0;
    }
    if (options.own_keys) md2::take_over_keys(options.diary, options.keys);
    if (options.new_key) {
      make_new_key(options);
      return 0;
    }
    md2::Server server(options, md2::take_passed_sockets());
    const std::string first_line = fmt::format("md2server {} listening on {}, diary {}\n", md2::version(),
                                               server.address(), md2::sanitised(options.diary));
    md2::write_at_once(STDOUT_FILENO, first_line);
    md2::notify("READY=1\nSTATUS=" + first_line);
    server.run();
  } catch (const std::exception& error) {
    md2::log_end(fmt::format("md2server: {}", error.what()));
    status = 1;
  }
  md2::end_log();
  return status;
}

#include <stdlib.h>
#include <unistd.h>

#include <csignal>
#include <exception>

#include "client/commands/commands.h"
#include "client/import/import.h"
#include "client/link/client.h"
#include "client/options.h"
#include "client/prompt/prompt.h"
#include "client/terminal/terminal.h"
#include "common/os/heap.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"

namespace {

int run(const md2::ClientOptions& options) {
  using Command = md2::ClientOptions::Command;
  switch (options.command) {
    case Command::write:
      return md2::run_write(options);
    case Command::read:
      return options.follow ? md2::run_follow(options) : md2::run_read(options);
    case Command::tags:
      return md2::run_summary(options, md2::SummaryKind::tags);
    case Command::calendar:
      return md2::run_summary(options, md2::SummaryKind::calendar);
    case Command::statistics:
      return md2::run_summary(options, md2::SummaryKind::statistics);
    case Command::edit:
      return md2::run_edit(options);
    case Command::strike:
      return md2::run_delete(options);
    case Command::status:
      return md2::run_status(options);
    case Command::import:
      return md2::run_import(options);
    case Command::announce:
      return md2::run_announce(options);
    case Command::prompt:
      return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 ? md2::run_prompt(options)
                                                                     : md2::run_piped(options);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  md2::open_standard_streams();
  md2::keep_freed_memory();
  md2::choose_language();
  md2::set_utf8_locale();
  // A limit on file sizes and an output that nobody reads are errors of write(2): what was written is kept all the
  // same, or it is said what could not be kept.
  for (const int signal : {SIGXFSZ, SIGPIPE}) std::signal(signal, SIG_IGN);
  unsetenv("NOTIFY_SOCKET");  // a server that is started here does not speak for the service that this may be a part of
  try {
    return run(md2::parse_client_options(argc, argv));
  } catch (const md2::OutputError& error) {
    if (!error.reader_left()) md2::to_stderr(error.what());
    return 1;
  } catch (const std::exception& error) {
    md2::to_stderr(error.what());
    return 1;
  }
}

#include "server/options.h"

#include "common/net/diary_keys.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/os/usage.h"

namespace md2 {
namespace {

constexpr const char* usage = tr_later(R"(md2server keeps a diary and serves it to md2client.

Usage:
  md2server [--listen=ADDR] [--log=FILE] [--keys=FILE] [--until-idle]
  md2server [--log=FILE] [--keys=FILE] --new-key=NAME [--write-only]
  md2server [--log=FILE] --purge
  md2server (-h | --help)
  md2server --version

Options:
  --listen=ADDR   HOST:PORT to listen on, at all addresses of HOST; port 0 picks
                  a free one. When not given: 127.0.0.1:5000, and a free port
                  with --until-idle when another program has that one.
  --log=FILE      The diary; $XDG_DATA_HOME/md2/md4logging.log when not given.
  --keys=FILE     The keys that open it. When not given:
                  $XDG_CONFIG_HOME/md2/keys, and with --log a file of that
                  diary's below md2/diaries there.
  --until-idle    Leave when the last client has left, or when none came for
                  10 s.
  --new-key=NAME  Add a key for another device, print the line to copy there,
                  and leave.
  --write-only    That key writes entries, and neither reads the diary nor
                  corrects it.
  --purge         Make the corrections of a diary that is not served final: what
                  was struck out or replaced is gone for good. Look at
                  man md2server first.
  -h --help       Print this.
  --version       Print the version.
)");

}  // namespace

ServerOptions parse_server_options(int argc, char** argv) {
  const Arguments arguments = parse_arguments("md2server", usage, {argv + 1, argv + argc});
  ServerOptions options;
  if (arguments.given("--listen")) options.listen = parse_address(*arguments.value("--listen"));
  if (arguments.given("--log")) {
    options.diary = *arguments.value("--log");
  } else {
    make_folders(data_folder());
    options.diary = default_diary();
  }
  options.own_keys = !arguments.given("--keys");
  options.keys = options.own_keys ? key_file_of(options.diary) : *arguments.value("--keys");
  options.until_idle = arguments.given("--until-idle");
  options.any_port = options.until_idle && !arguments.given("--listen");
  if (arguments.given("--write-only")) options.rights = Rights::write;
  options.purge = arguments.given("--purge");
  if (arguments.given("--new-key")) options.new_key = *arguments.value("--new-key");
  return options;
}

}  // namespace md2

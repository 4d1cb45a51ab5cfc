#include <fmt/format.h>

#include <clocale>
#include <cstdio>
#include <exception>

#include "common/version.h"
#include "server/log.h"
#include "server/options.h"
#include "server/server.h"

int main(int argc, char** argv) {
  try {
    const md2::ServerOptions options = md2::parse_server_options(argc, argv);
    md2::Server server(options);
    fmt::print("md2server {} listening on {}, diary {}\n", md2::version(), server.address(), server.diary_path());
    std::fflush(stdout);
    server.run();
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "md2server: {}\n", error.what());
    return 1;
  }
}

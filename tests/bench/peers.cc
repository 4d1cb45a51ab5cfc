#include "tests/bench/peers.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "common/net/socket.h"
#include "common/os/error.h"
#include "tests/bench/kept.h"
#include "tests/bench/process.h"
#include "tests/support/files.h"
#include "tests/support/sockets.h"

namespace md2::bench {

using namespace md2::test;

namespace {

/// One that was free just now: these programs can't tell which one they were given.
std::string free_port() {
  return bound_address(listen_on_loopback().get()).port;
}

std::string make_folder(const Sandbox& sandbox, const std::string& name) {
  std::string folder = sandbox.path(name);
  std::filesystem::create_directory(folder);
  return folder;
}

/// Of the second line of redis-benchmark's CSV: "test","requests per second",...
double rate_in(const std::string& csv) {
  const std::size_t line = csv.find('\n');
  const std::size_t comma = line == std::string::npos ? line : csv.find("\",\"", line);
  if (comma == std::string::npos) throw Failure("redis-benchmark said:\n" + csv);
  return std::stod(csv.substr(comma + 3));
}

}  // namespace

bool Redis::installed() {
  return bench::installed("redis-server") && bench::installed("redis-benchmark");
}

Redis::Redis(const Sandbox& sandbox)
    : sandbox_(sandbox),
      port_(free_port()),
      // Rewriting its file now and then, which it could do without for longer than this takes, would only slow it down.
      program_(sandbox,
               {"redis-server", "--port", port_, "--bind", "127.0.0.1", "--dir", make_folder(sandbox, "redis"),
                "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--auto-aof-rewrite-percentage", "0"}) {
  program_.expect("Ready to accept connections");
}

double Redis::entries_per_second(Kind kind, std::size_t clients, std::size_t entries) const {
  const std::string csv = sandbox_.path("redis.csv");
  Command command{"redis-benchmark",       "-h",   "127.0.0.1", "-p", port_, "-c", std::to_string(clients), "-n",
                  std::to_string(entries), "--csv"};
  if (kind == Kind::stream) {
    command.insert(command.end(), {"XADD", "diary", "*", "text"});
  } else {
    command.insert(command.end(), {"RPUSH", "list"});
  }
  command.emplace_back(entry_size, 'a');
  time_process(sandbox_, command, csv);
  return rate_in(read_file(csv));
}

bool Nginx::installed() {
  return bench::installed("nginx") && bench::installed("curl");
}

Nginx::Nginx(const Sandbox& sandbox) : port_(free_port()), program_(sandbox, prepare(sandbox, port_)) {
  wait_for_file(sandbox.path("nginx/pid"), [](const std::string& pid) { return pid.ends_with('\n'); });
}

/// One process, as md2server is. Everything that it writes has a place in its own folder.
Command Nginx::prepare(const Sandbox& sandbox, const std::string& port) {
  const std::string folder = make_folder(sandbox, "nginx");
  const Result made =
      run(sandbox, {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=localhost", "-keyout", folder + "/key", "-out", folder + "/certificate"});
  if (made.status != 0) throw Failure("openssl said:\n" + made.error);
  const std::string root = std::filesystem::path(sandbox.diary()).parent_path();
  write_file(folder + "/conf", fmt::format(R"(daemon off; master_process off; pid {0}/pid; error_log stderr;
events {{ }}
http {{
  access_log off; sendfile on; default_type text/plain;
  client_body_temp_path {0}/1; proxy_temp_path {0}/2; fastcgi_temp_path {0}/3; uwsgi_temp_path {0}/4;
  scgi_temp_path {0}/5;
  server {{
    listen 127.0.0.1:{1} ssl; ssl_protocols TLSv1.3; ssl_certificate {0}/certificate; ssl_certificate_key {0}/key;
    root {2};
  }}
}}
)",
                                           folder, port, root));
  return {"nginx", "-p", folder, "-c", folder + "/conf", "-e", "stderr"};
}

Command Nginx::fetch() const {
  return {"curl", "--silent", "--fail", "--insecure", fmt::format("https://127.0.0.1:{}/md4logging.log", port_)};
}

bool Jrnl::installed() {
  return bench::installed("jrnl");
}

Jrnl::Jrnl(const Sandbox& sandbox) : config_(sandbox.path("jrnl.yaml")) {
  const std::string journal = sandbox.path("jrnl.txt");
  std::filesystem::copy_file(sandbox.diary(), journal);
  write_file(config_, fmt::format("journals:\n  default:\n    journal: {}\neditor: ''\nencrypt: false\n"
                                  "template: false\ndefault_hour: 9\ndefault_minute: 0\ntimeformat: '%F %T'\n"
                                  "tagsymbols: '#@'\nhighlight: true\nlinewrap: 79\nindent_character: '|'\n",
                                  journal));
}

Command Jrnl::command(const Command& more) const {
  Command command{"jrnl", "--config-file", config_};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

}  // namespace md2::bench

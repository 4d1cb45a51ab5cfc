#include "tests/support/server_program.h"

#include <fmt/format.h>
#include <signal.h>

#include "tests/support/sockets.h"

namespace md2::test {

ServerProgram::ServerProgram(const Sandbox& sandbox, Command more_arguments)
    : sandbox_(sandbox),
      more_arguments_(std::move(more_arguments)),
      port_(keep_a_port()),
      address_(bound_address(port_.get())) {
  start();
}

void ServerProgram::start(const Command& in_front) {
  Command command = in_front;
  command.insert(command.end(), {binary("md2server"), "--listen=" + address_text()});
  command.insert(command.end(), more_arguments_.begin(), more_arguments_.end());
  program_.emplace(sandbox_, command, Program::Input::pipe);
  first_line_ = program_->expect("\n");
  first_line_.pop_back();
  // md2server VERSION listening on HOST:PORT, diary FILE
  constexpr std::string_view before = " listening on ";
  const std::size_t begin = first_line_.find(before);
  const std::size_t end = first_line_.find(", diary ");
  if (begin == std::string::npos || end == std::string::npos)
    throw Failure(fmt::format("the server's first line is '{}'", first_line_));
  address_ = parse_address(std::string_view(first_line_).substr(begin + before.size(), end - begin - before.size()));
}

ClientTlsContext& ServerProgram::tls() {
  if (!tls_) tls_ = std::make_unique<ClientTlsContext>(read_keys(sandbox_.keys()).value().at(0));
  return *tls_;
}

int ServerProgram::stop(int signal) {
  program_->signal(signal);
  return program_->wait();
}

void ServerProgram::kill() {
  stop(SIGKILL);
}

}  // namespace md2::test

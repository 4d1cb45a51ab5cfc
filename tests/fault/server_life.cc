#include "tests/fault/server_life.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

namespace md2::test {
namespace {

constexpr int lines_each = 3;

std::string line(const std::string& name, int number) {
  return fmt::format("{} 行 {}", name, number);
}

/// What the exit status of a client says of its lines.
void note_end(Scene& scene, const std::string& name, int lines, int status) {
  for (int i = 0; i < lines; ++i) {
    if (status == 0) scene.ledger.note(name, line(name, i), Ledger::State::acknowledged);
    if (status == 75) scene.ledger.note(name, line(name, i), Ledger::State::kept);
  }
  scene.ledger.note_outbox(scene.outboxes());
}

}  // namespace

ServerLife::ServerLife(Scene& scene, const std::string& name)
    : scene_(scene), name_(name), writer_(scene.ledger, name + " wire") {}

int ServerLife::live(const Command& injection) {
  const std::string before = scene_.diary();
  const bool started = scene_.start_injected(injection);
  Program client(scene_.sandbox, scene_.client(), Program::Input::pipe);
  for (int i = 0; i < lines_each; ++i) {
    scene_.ledger.note(name_, line(name_, i), Ledger::State::offered);
    client.write(line(name_, i) + '\n');
    writer_.add(fmt::format("{} wire {}\n第二行", name_, i));
    if (started) writer_.deliver(scene_.server);
  }
  client.close_input();
  const int client_status = client.wait();
  INFO(client.error());
  CHECK((client_status == 0 || client_status == 75));
  note_end(scene_, name_, lines_each, client_status);
  const int status = scene_.server.stop(SIGTERM);
  const std::string after = scene_.diary();
  CHECK(after.starts_with(before));
  CHECK(writer_.all_stand_in(after));
  return status;
}

void ServerLife::recover() {
  scene_.server.start();
  const Result adopted = scene_.adopt();
  INFO(adopted.error);
  CHECK(adopted.status == 0);
  writer_.deliver(scene_.server);
  CHECK(writer_.done());
  CHECK(writer_.all_stand_in(scene_.diary()));
  CHECK(scene_.server.stop(SIGTERM) == 0);
}

int feed_client(Scene& scene, const std::string& name, const Command& injection, int lines) {
  Command command = injection;
  const Command client = scene.client();
  command.insert(command.end(), client.begin(), client.end());
  Program program(scene.sandbox, command, Program::Input::pipe);
  for (int i = 0; i < lines; ++i) scene.ledger.note(name, line(name, i), Ledger::State::offered);
  try {
    for (int i = 0; i < lines; ++i) program.write(line(name, i) + '\n');
  } catch (const Failure&) {
    // It ended before it had read all.
  }
  program.close_input();
  const int status = program.wait();
  INFO(program.error());
  // 127: the loader could not load it.
  CHECK((status == killed || status == 0 || status == 75 || status == 1 || status == 127));
  note_end(scene, name, lines, status);
  tally().kills += status == killed;
  return status;
}

}  // namespace md2::test

#include "tests/fault/server_life.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

namespace md2::test {
namespace {

constexpr int lines_each = 3;

}  // namespace

ServerLife::ServerLife(Scene& scene, const std::string& name)
    : scene_(scene), name_(name), writer_(scene.ledger, name + " wire") {}

int ServerLife::live(const Command& injection) {
  const std::string before = scene_.diary();
  const bool started = scene_.start_injected(injection);
  Program client(scene_.sandbox, scene_.client(), Program::Input::pipe);
  for (int i = 0; i < lines_each; ++i) {
    scene_.ledger.note(name_, Scene::line(name_, i), Ledger::State::offered);
    client.write(Scene::line(name_, i) + '\n');
    writer_.add(fmt::format("{} wire {}\n第二行", name_, i));
    if (started) writer_.deliver(scene_.server);
  }
  client.close_input();
  const int client_status = client.wait();
  INFO(client.error());
  CHECK((client_status == 0 || client_status == 75));
  scene_.note_end(name_, lines_each, client_status);
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

}  // namespace md2::test

// The network breaks at every byte, in both directions, or says nothing more; the client mends it by itself.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "tests/fault/proxy.h"
#include "tests/fault/scene.h"
#include "tests/fault/sweep.h"
#include "tests/support/files.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// A client behind a proxy of its own, which stays while its input is open.
struct Patient {
  std::string name;
  Proxy proxy;
  Program client;

  Patient(Scene& scene, std::string called, Proxy::Plan plan)
      : name(std::move(called)),
        proxy(scene.server.address(), plan),
        client(scene.sandbox, Scene::client_of(proxy.address_text()), Program::Input::pipe) {}

  void write(Scene& scene, int first, int count) {
    for (int i = first; i < first + count; ++i) {
      scene.ledger.note(name, Scene::line(name, i), Ledger::State::offered);
      client.write(Scene::line(name, i) + '\n');
    }
  }

  /// An answer may be what the fault took away: then it ends with 75, and the next client has nothing to do but ask.
  void leave(Scene& scene, int lines) {
    client.close_input();
    const int status = client.wait();
    INFO(client.error());
    CHECK((status == 0 || status == 75));
    for (int i = 0; i < lines; ++i) scene.ledger.note(name, Scene::line(name, i), Ledger::State::acknowledged);
    if (status == 75) CHECK(run(scene.sandbox, Scene::client_of(proxy.address_text())).status == 0);
  }
};

bool all_in(const std::string& diary, const std::vector<std::unique_ptr<Patient>>& patients, int lines) {
  for (const auto& patient : patients) {
    if (diary.find("] " + Scene::line(patient->name, lines - 1) + "\n\n") == std::string::npos) return false;
  }
  return true;
}

constexpr int lines = 3;
constexpr std::size_t at_once = 12;

void cut_at(Scene& scene, const std::vector<Proxy::Plan>& plans, const std::string& what) {
  for (std::size_t begin = 0; begin < plans.size(); begin += at_once) {
    std::vector<std::unique_ptr<Patient>> patients;
    for (std::size_t i = begin; i < std::min(plans.size(), begin + at_once); ++i) {
      patients.push_back(std::make_unique<Patient>(scene, fmt::format("{} {}", what, i), plans[i]));
      patients.back()->write(scene, 0, lines);
    }
    wait_for_file(scene.sandbox.diary(), [&](const std::string& diary) { return all_in(diary, patients, lines); });
    for (const auto& patient : patients) {
      patient->leave(scene, lines);
      tally().cuts += patient->proxy.struck();
    }
  }
}

}  // namespace

TEST_CASE("a connection cut after any byte, in either direction, costs no entry and doubles none") {
  Scene scene;
  Patient whole(scene, "whole", {});
  whole.write(scene, 0, lines);
  whole.leave(scene, lines);
  REQUIRE(whole.proxy.up() > 300);
  REQUIRE(whole.proxy.down() > 300);
  for (const auto fault : {Proxy::Fault::close, Proxy::Fault::reset}) {
    const std::size_t step = distance_of_points(61);
    std::vector<Proxy::Plan> plans;
    for (std::size_t n = 0; n < whole.proxy.up(); n += step) plans.push_back({n, Proxy::never, fault});
    for (std::size_t n = 1; n < whole.proxy.down(); n += step) plans.push_back({Proxy::never, n, fault});
    cut_at(scene, plans, fault == Proxy::Fault::close ? "closed" : "reset");
  }
  scene.check_all();
}

TEST_CASE("a connection that stalls holds no Enter up, and when it breaks at last, all goes out") {
  Scene scene;
  const std::size_t step = full_torture() ? 23 : 331;
  for (std::size_t n = 1; n < 1200; n += step) {
    for (const bool up : {true, false}) {
      CAPTURE(n);
      CAPTURE(up);
      const Proxy::Plan plan{up ? n : Proxy::never, up ? Proxy::never : n, Proxy::Fault::stall};
      std::vector<std::unique_ptr<Patient>> patients;
      patients.push_back(std::make_unique<Patient>(scene, fmt::format("stalled {} {}", up, n), plan));
      Patient& patient = *patients.front();
      patient.write(scene, 0, lines);
      patient.write(scene, lines, lines);
      patient.proxy.release();
      wait_for_file(scene.sandbox.diary(),
                    [&](const std::string& diary) { return all_in(diary, patients, 2 * lines); });
      patient.leave(scene, 2 * lines);
      tally().cuts += patient.proxy.struck();
    }
  }
  scene.check_all();
}

TEST_CASE(
    "a bit that arrives as another ends no prompt: it is told, the half line stays, and what is written goes out") {
  ServedDiary served;
  std::size_t shown = 0;  // bytes from the server until the prompt stands
  {
    const Proxy proxy(served.server.address(), {});
    Screen screen(served.sandbox, {binary("md2client"), "-s", proxy.address_text(), "-k", served.sandbox.keys()});
    wait_for_prompt(screen);
    shown = proxy.down();
  }
  Proxy::Plan plan;
  plan.down = shown + 50;
  plan.fault = Proxy::Fault::flip;
  const Proxy proxy(served.server.address(), plan);
  Screen screen(served.sandbox, {binary("md2client"), "-s", proxy.address_text(), "-k", served.sandbox.keys()});
  wait_for_prompt(screen);
  screen.type("半行");
  served.announce(std::string(200, 'x'));
  screen.wait_for("the server is gone: ");
  screen.wait_for("the server is back");
  CHECK(proxy.struck());
  screen.wait_for_end({"当下>>> 半行"}, prompt_width + 4);
  screen.enter("，写完");
  CHECK(wait_for_entries(served.sandbox, 1) == std::vector<std::string>{"半行，写完"});
}

TEST_CASE("twenty clients write at once while the server is killed ten times: all entries arrive, once") {
  Scene scene;
  constexpr int clients = 20;
  constexpr int rounds = 10;
  std::vector<Program> programs;
  programs.reserve(clients);
  for (int i = 0; i < clients; ++i) programs.emplace_back(scene.sandbox, scene.client(), Program::Input::pipe);
  const auto name = [](int client) { return fmt::format("client {}", client); };
  int written = 0;
  const auto write_all_of_them = [&](int count) {
    for (const int end = written + count; written < end; ++written) {
      for (int i = 0; i < clients; ++i) {
        scene.ledger.note(name(i), Scene::line(name(i), written), Ledger::State::offered);
        programs[static_cast<std::size_t>(i)].write(Scene::line(name(i), written) + '\n');
      }
    }
  };
  for (int round = 0; round < rounds; ++round) {
    const std::size_t before = scene.diary().size();
    write_all_of_them(5);
    wait_for_file(scene.sandbox.diary(), [&](const std::string& diary) { return diary.size() > before; });
    scene.server.kill();
    ++tally().kills;
    write_all_of_them(1);
    scene.server.start();
  }
  write_all_of_them(1);  // a reason to try at once
  for (int i = 0; i < clients; ++i) {
    Program& program = programs[static_cast<std::size_t>(i)];
    wait_for_file(scene.sandbox.diary(), [&](const std::string& diary) {
      return diary.find("] " + Scene::line(name(i), written - 1) + "\n\n") != std::string::npos;
    });
    program.close_input();
    const int status = program.wait();
    INFO(program.error());
    CHECK(status == 0);
    for (int j = 0; j < written; ++j) scene.ledger.note(name(i), Scene::line(name(i), j), Ledger::State::acknowledged);
  }
  scene.check_all();
}

#include "tests/fault/scene.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace md2::test {

Command injected(const std::string& call, int n, const std::string& fate, const std::vector<std::string>& paths) {
  // -D: the child is the program itself, not strace.
  Command command{"strace", "-D", "-f", "-qq", "-o", "/dev/null"};
  for (const std::string& path : paths) command.insert(command.end(), {"-P", path});
  command.insert(command.end(), {"-e", "trace=" + call, "-e", fmt::format("inject={}:{}:when={}", call, fate, n)});
  return command;
}

Scene::Scene() {
  sandbox.set("ASAN_OPTIONS", "detect_leaks=0");  // its leak check can't run beside strace
}

Command Scene::client_of(const std::string& address, const Command& arguments) {
  Command command{binary("md2client"), "-s", address};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

bool Scene::start_injected(const Command& injection) {
  try {
    server.start(injection);
    return true;
  } catch (const Failure&) {
    return false;
  }
}

std::string Scene::line(const std::string& name, int number) {
  return fmt::format("{} 行 {}", name, number);
}

void Scene::note_end(const std::string& name, int lines, int status) {
  for (int i = 0; i < lines; ++i) {
    if (status == 0) ledger.note(name, line(name, i), Ledger::State::acknowledged);
    if (status == 75) ledger.note(name, line(name, i), Ledger::State::kept);
  }
  ledger.note_outbox(outboxes());
}

int Scene::feed_client(const std::string& name, const Command& injection, int lines) {
  Command command = injection;
  const Command after = client();
  command.insert(command.end(), after.begin(), after.end());
  Program program(sandbox, command, Program::Input::pipe);
  for (int i = 0; i < lines; ++i) ledger.note(name, line(name, i), Ledger::State::offered);
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
  note_end(name, lines, status);
  tally().kills += status == killed;
  return status;
}

void Scene::check_all() {
  const Verdict verdict = ledger.check(diary(), outboxes());
  INFO(verdict.details);
  CHECK(verdict.lost == 0);
  CHECK(verdict.doubled == 0);
  CHECK(verdict.torn == 0);
  CHECK(verdict.out_of_order == 0);
  CHECK(outboxes() == "");
  tally().add(verdict);
}

}  // namespace md2::test

#include "tests/support/scene.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <exception>
#include <optional>

#include "common/diary/entry.h"
#include "common/diary/timestamp.h"
#include "tests/support/wire.h"

namespace md2::test {

Command injected(const std::string& call, int n, const std::string& fate, const std::vector<std::string>& paths) {
  // -D: the child is the program itself, not strace.
  Command command{"strace", "-D", "-f", "-qq", "-o", "/dev/null"};
  for (const std::string& path : paths) command.insert(command.end(), {"-P", path});
  command.insert(command.end(), {"-e", "trace=" + call, "-e", fmt::format("inject={}:{}:when={}", call, fate, n)});
  return command;
}

void Writer::add(const std::string& text) {
  static EntryClock clock;  // one for all: no two entries of a test have the same time
  waiting_.push_back({text, encode({clock.next(), text})});
  ledger_.note(name_, text, Ledger::State::kept);
}

void Writer::deliver(Server& server) {
  std::optional<Wire> wire;
  try {
    wire.emplace(server);
    for (const Sent& one : waiting_) wire->send(Verb::write, 0, one.encoded);
    while (!waiting_.empty()) {
      const Message answer = wire->next();
      if (answer.verb != Verb::saved) return;
      ledger_.note(name_, waiting_.front().text, Ledger::State::acknowledged);
      waiting_.front().offset = answer.number;
      saved_.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
  } catch (const std::exception&) {
    if (wire && !wire->ended()) throw;  // the server is there and silent
  }
}

bool Writer::all_stand_in(const std::string& diary) const {
  for (const Sent& one : saved_) {
    if (one.offset > diary.size() || diary.compare(one.offset, one.encoded.size(), one.encoded) != 0) return false;
  }
  return true;
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

// The owner edits the file in every way while clients write: nothing that was acknowledged is gone.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fault/proxy.h"
#include "tests/fault/scene.h"
#include "tests/fault/sweep.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// As an editor does that keeps a backup: the old file gets another name, a new one is written.
void edit_by_rename(Scene& scene, const std::string& contents) {
  std::filesystem::rename(scene.sandbox.diary(), scene.sandbox.diary() + "~");
  write_file(scene.sandbox.diary(), contents);
}

/// As an editor does that writes a temporary file first.
void edit_by_replacement(Scene& scene, const std::string& contents) {
  replace_by_hand(scene.sandbox.diary(), contents);
}

void edit_in_place(Scene& scene, const std::string& contents) {
  write_file(scene.sandbox.diary(), contents);
}

/// Cuts the last entry off.
void cut(Scene& scene, const std::string&) {
  const std::string diary = scene.diary();
  const std::size_t end = diary.size() < 3 ? std::string::npos : diary.rfind("\n\n", diary.size() - 3);
  std::filesystem::resize_file(scene.sandbox.diary(), end == std::string::npos ? 0 : end + 2);
}

/// At the beginning, in place: the size stays, and what the server sees is a time stamp.
void write_over(const std::string& path, const std::string& bytes) {
  std::fstream(path, std::ios::in | std::ios::out) << bytes;
}

struct Edit {
  const char* name;
  std::function<void(Scene&, const std::string&)> apply;
};

const Edit edits[] = {{"rename and write", edit_by_rename},
                      {"write and rename", edit_by_replacement},
                      {"in place", edit_in_place},
                      {"cut", cut},
                      {"cat >>", [](Scene& scene, const std::string&) {
                         scene.ledger.note_owner("von Hand");
                         append_by_hand(scene.sandbox.diary(), "von Hand\n");
                       }}};

}  // namespace

TEST_CASE("the owner edits the diary again and again while clients write: every entry is in it or beside it") {
  for (const Edit& edit : edits) {
    CAPTURE(edit.name);
    Scene scene;
    constexpr int clients = 4;
    const int rounds = full_torture() ? 100 : 12;
    std::vector<Program> programs;
    programs.reserve(clients);
    for (int i = 0; i < clients; ++i) programs.emplace_back(scene.sandbox, scene.client(), Program::Input::pipe);
    for (int round = 0; round < rounds; ++round) {
      // What the editor has read some time ago; entries go on coming in.
      const std::string read_by_editor = scene.diary();
      for (int i = 0; i < clients; ++i) {
        const std::string name = fmt::format("client {}", i);
        for (int j = 0; j < 3; ++j) {
          const std::string text = fmt::format("{} 行 {}", name, 3 * round + j);
          scene.ledger.note(name, text, Ledger::State::offered);
          programs[static_cast<std::size_t>(i)].write(text + '\n');
        }
        if (i == clients / 2) edit.apply(scene, read_by_editor);
      }
      ++tally().cuts;
    }
    for (int i = 0; i < clients; ++i) {
      Program& program = programs[static_cast<std::size_t>(i)];
      program.close_input();
      CHECK(program.wait() == 0);
      for (int j = 0; j < 3 * rounds; ++j) {
        const std::string name = fmt::format("client {}", i);
        scene.ledger.note(name, fmt::format("{} 行 {}", name, j), Ledger::State::acknowledged);
      }
    }
    CHECK(scene.server.stop(SIGTERM) == 0);
    std::string missing;
    for (const auto& file : std::filesystem::directory_iterator(scene.sandbox.path("data/md2"))) {
      if (file.path().string().find(".missing.") != std::string::npos) missing += read_file(file.path());
    }
    const Verdict verdict = scene.ledger.check(scene.diary(), scene.outboxes(), missing);
    INFO(verdict.details);
    INFO(scene.server.program().error());
    CHECK(verdict.lost == 0);
    CHECK(verdict.doubled == 0);
    CHECK(verdict.torn == 0);
    CHECK(scene.outboxes() == "");
    tally().add(verdict);
  }
}

/// More than all buffers between the two take: the server has not sent all of it when the owner saves.
TEST_CASE("a diary that its owner changes while an import compares it is compared anew") {
  ServedDiary served(repeated("从前，一行又一行\n", 1 << 20));
  Proxy proxy(served.server.address(), {Proxy::never, std::size_t{2} << 20, Proxy::Fault::stall});
  // The proxy has an address of its own, and so no key.
  const std::string key = "--key=" + served.sandbox.keys();
  Program import(served.sandbox, {binary("md2client"), "--server=" + proxy.address_text(), key, "import"},
                 Program::Input::pipe);
  import.write(entries(0, 2));
  import.close_input();
  while (!proxy.struck()) wait_until_waiting(import.pid());
  wait_until_waiting(import.pid());
  replace_by_hand(served.sandbox.diary(), entry(1));
  proxy.let_pass();
  CHECK(import.wait() == 0);
  CHECK(import.output() == "1 imported, 1 already in the diary, 0 not imported\n");
  CHECK(import.error() == "");
  CHECK(read_file(served.sandbox.diary()) == entry(1) + entry(0));
}

TEST_CASE("what the owner writes over a part of the diary that an import has compared is not imported") {
  ServedDiary served(repeated("从前，一行又一行\n", 1 << 20));
  Program import(served.sandbox, served.client({"import"}), Program::Input::pipe);
  constexpr int batch = 4096;
  const std::string first = entries(0, batch);
  const std::string by_hand = entries(batch, 2 * batch + 1);
  import.write(first);
  wait_for_file(served.sandbox.diary(), [&](const std::string& diary) { return diary.ends_with(first); });
  write_over(served.sandbox.diary(), by_hand);
  import.write(by_hand);
  import.close_input();
  CHECK(import.wait() == 0);
  CHECK(import.error() == "");
  // Those that were sent before the change was known were found there; then the diary was compared.
  std::istringstream said(import.output());
  int imported = 0;
  int there = 0;
  std::string word;
  said >> imported >> word >> there;
  CHECK(imported >= batch);
  CHECK(imported + there == 2 * batch + 1);
  CHECK(import.output().ends_with(" already in the diary, 0 not imported\n"));
  const std::string diary = read_file(served.sandbox.diary());
  CHECK(diary.starts_with(by_hand));
  CHECK(diary.ends_with(first));
}

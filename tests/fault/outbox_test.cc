// An outbox that another program changes while its client runs.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <functional>
#include <utility>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string outbox_folder(const Sandbox& sandbox) {
  return sandbox.state() + "/outbox";
}

/// The only outbox there is.
std::string outbox(const Sandbox& sandbox) {
  for (const auto& file : std::filesystem::directory_iterator(outbox_folder(sandbox))) {
    if (file.path().extension() == ".outbox") return file.path();
  }
  throw Failure("there is no outbox");
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

constexpr const char* changed = "was changed by another program";

using Change = std::pair<const char*, std::function<void(const std::string& path)>>;

const std::vector<Change> changes = {
    {"emptied", [](const std::string& path) { std::filesystem::resize_file(path, 0); }},
    {"cut", [](const std::string& path) { std::filesystem::resize_file(path, 20); }},
    {"removed", [](const std::string& path) { std::filesystem::remove(path); }},
    {"overwritten", [](const std::string& path) { write_file(path, std::string(read_file(path).size(), 'x')); }},
    {"replaced", [](const std::string& path) { replace_by_hand(path, ""); }},
};

}  // namespace

TEST_CASE("a prompt whose outbox is changed by another program says so once, and what was typed goes out") {
  for (const auto& one : changes) {
    const std::string name(one.first);
    const auto& change = one.second;
    CAPTURE(name);
    ServedDiary served;
    Screen screen(served.sandbox, served.client(), 24, 300);
    wait_for_prompt(screen);
    served.server.kill();
    screen.wait_for("the server is gone");
    screen.enter("一");
    screen.enter("二");
    screen.wait_for_end({"当下(2)>>>"}, prompt_width + 3);
    change(outbox(served.sandbox));
    screen.enter("三");
    screen.wait_for_end({"当下(3)>>>"}, prompt_width + 3);
    served.server.start();
    CHECK(wait_for_entries(served.sandbox, 3).size() == 3);
    screen.wait_for(changed);  // at the latest when what waits is to be sent
    screen.enter("quit");
    CHECK(screen.wait() == 0);
    CHECK(count_of(screen.text(), changed) == 1);
    const Rows entries = wait_for_entries(served.sandbox, 3);
    for (const char* text : {"一", "二", "三"}) CHECK(std::count(entries.begin(), entries.end(), text) == 1);
  }
}

TEST_CASE("a command whose outbox is changed meanwhile keeps what it was given, and says 75 only when it is kept") {
  for (const auto& one : changes) {
    const std::string name(one.first);
    const auto& change = one.second;
    CAPTURE(name);
    ServedDiary served;
    served.server.kill();
    {
      Program piped(served.sandbox, served.client(), Program::Input::pipe);
      piped.write("一\n");
      std::string path;
      for (const Deadline deadline; path.empty() && deadline.left() > 0;) {
        if (!std::filesystem::exists(outbox_folder(served.sandbox))) continue;
        for (const auto& file : std::filesystem::directory_iterator(outbox_folder(served.sandbox))) path = file.path();
      }
      wait_for_file(path, [](const std::string& contents) { return contents.ends_with("] 一\n\n"); });
      change(path);
      piped.close_input();
      CHECK(piped.wait() == 75);
      CHECK(count_of(piped.error(), changed) == 1);
      CHECK(piped.error().find("nothing that waited in it is lost") != std::string::npos);
    }
    served.server.start();
    CHECK(run(served.sandbox, served.client({"write", "二"})).status == 0);
    CHECK(wait_for_entries(served.sandbox, 2) == Rows{"一", "二"});
  }
}

TEST_CASE("what an earlier client left and another program took out is counted, and the client ends with 1") {
  ServedDiary served;
  served.server.kill();
  CHECK(run(served.sandbox, served.client({"write", "一"})).status == 75);
  Screen screen(served.sandbox, served.client(), 24, 300);
  screen.wait_for("the server is not there");
  screen.wait_for_end({"当下(1)>>>"}, prompt_width + 3);
  std::filesystem::resize_file(outbox(served.sandbox), 0);
  screen.enter("quit");
  CHECK(screen.wait() == 1);
  CHECK(screen.text().find("1 of 1 entries that waited in it is gone") != std::string::npos);
}

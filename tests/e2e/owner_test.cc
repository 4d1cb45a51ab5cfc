// What a person sees of an edit of the diary: at the prompt, at the next one, and in an answer.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <string>

#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr int wide = 500;  ///< columns: a line with two paths
constexpr const char* told = "*** 1 entry that was written before is no longer in diary";

/// A diary of which one entry was saved and is to be taken out.
struct EditedByOwner {
  ServedDiary served;
  const std::string stays = served.write("bleibt");
  const std::string goes = served.write("geht");
  const std::string untold = served.sandbox.diary() + ".untold";

  void take_out() const { replace_by_hand(served.sandbox.diary(), first_line + stays); }

  /// The path of the one file that holds what is missing.
  std::string missing() const {
    std::string path;
    for (const auto& file :
         std::filesystem::directory_iterator(std::filesystem::path(served.sandbox.diary()).parent_path())) {
      if (file.path().string().find(".missing.") == std::string::npos) continue;
      CHECK(path == "");
      path = file.path();
    }
    return path;
  }

  /// A prompt starts, shows it, and says so to the server.
  void see_it_told() const {
    Screen screen(served.sandbox, served.client(), 24, wide);
    screen.wait_for(told);
    screen.wait_for_end({"当下>>>"}, prompt_width);
    const std::string path = missing();
    CHECK(screen.text().find("'" + path + "'") != std::string::npos);
    CHECK(read_file(path) == goes);
    wait_for_file(untold, [](const std::string& text) { return text.empty(); });
    screen.enter("quit");
    CHECK(screen.wait() == 0);
  }

  /// What waits is told before anything else: when the announcement is there, nothing waited.
  void see_it_told_no_more() {
    Screen screen(served.sandbox, served.client(), 24, wide);
    wait_for_prompt(screen);
    served.announce("晚饭");
    screen.wait_for("*** 晚饭");
    CHECK(screen.text().find(told) == std::string::npos);
    screen.enter("quit");
    CHECK(screen.wait() == 0);
  }
};

}  // namespace

TEST_CASE(
    "an entry that the owner took out while nothing ran is told at the next prompt, with its file, and only there") {
  EditedByOwner edited;
  CHECK(edited.served.server.stop(SIGTERM) == 0);
  edited.take_out();
  edited.served.server.start();
  edited.see_it_told();
  edited.see_it_told_no_more();
}

TEST_CASE("the same where the diary is reached by a link, and sed -i puts a file in its place") {
  EditedByOwner edited;
  const std::string diary = edited.served.sandbox.diary();
  CHECK(edited.served.server.stop(SIGTERM) == 0);
  const std::string real = edited.served.sandbox.path("real.log");
  std::filesystem::rename(diary, real);
  std::filesystem::create_symlink(real, diary);
  edited.served.server.start();
  const std::string later = edited.served.write("später");
  edited.served.server.kill();
  REQUIRE(run(edited.served.sandbox, {"sed", "-i", "/geht/,+1d", diary}).status == 0);
  REQUIRE_FALSE(std::filesystem::is_symlink(diary));
  edited.served.server.start();
  CHECK(edited.served.read({}).output == first_line + edited.stays + later);
  edited.see_it_told();
  edited.see_it_told_no_more();
}

TEST_CASE("what a prompt has to tell waits for one: a read does not take it away, nor does the end of the server") {
  EditedByOwner edited;
  edited.take_out();
  const Result read = edited.served.read({});
  CHECK(read.output == first_line + edited.stays);
  CHECK(read.error == "");
  CHECK(read.status == 0);
  CHECK(wait_for_file(edited.untold, [](const std::string& text) {
          return text.ends_with('\n');
        }).find(edited.missing()) != std::string::npos);
  edited.served.server.kill();
  edited.served.server.start();
  edited.see_it_told();
  edited.see_it_told_no_more();
}

TEST_CASE("a prompt says that the diary was changed, goes on with what is new, and hi shows the diary as it is") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.type("half");
  replace_by_hand(served.sandbox.diary(), "von Hand\n\n");
  served.write("neu");
  screen.wait_for("*** the diary was changed by hand; hi shows it as it is now");
  screen.wait_for("21:26  neu");
  screen.wait_for_end({"当下>>> half"}, prompt_width + 4);
  CHECK(screen.text().find("von Hand") == std::string::npos);
  screen.control('u');
  screen.enter("hi");
  screen.wait_for("von Hand\n");
}

/// More than all buffers between the two take: the server has not sent all of it when the owner saves.
TEST_CASE(
    "read: when the diary is changed meanwhile, what came is told not to be the whole answer, and the status is 1") {
  ServedDiary served(repeated("从前，一行又一行\n", 1 << 20));
  Program read(served.sandbox, served.client({"read"}));
  read.expect("从前");
  replace_by_hand(served.sandbox.diary(), "von Hand\n\n");
  CHECK(read.wait() == 1);
  CHECK(read.error() == "md2client: this is not the whole answer: the diary was changed while it was read\n");
  CHECK(read.output().find("von Hand") == std::string::npos);
  CHECK(served.read({}).output == "von Hand\n\n");
}

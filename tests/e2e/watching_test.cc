// The diary is changed by hand while nobody writes: whoever follows learns of it.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"
#include "tests/support/wire_client.h"

using namespace md2;
using namespace md2::test;

namespace {

/// A prompt, and a server that sleeps: it has compared what it wrote, and waits for events without an end.
struct WatchingFixture {
  ServedDiary served;
  std::string written = served.write("eins");
  Screen screen{served.sandbox, served.client()};
  std::string diary = served.sandbox.diary();

  WatchingFixture() {
    wait_for_prompt(screen);
    wait_until_idle(served.server.program().pid());
  }

  /// Runs a line of the shell in which `$diary` is the diary.
  void by_hand(const std::string& line) const {
    const Result result = run(served.sandbox, {"sh", "-c", "diary=$1; " + line, "sh", diary});
    INFO(result.error);
    REQUIRE(result.status == 0);
  }
};

}  // namespace

TEST_CASE_FIXTURE(WatchingFixture, "a line that is added by hand shows at an idle prompt at once") {
  by_hand("printf 'von Hand\\n\\n' >>\"$diary\"");
  screen.wait_for("\nvon Hand\n");
  screen.wait_for_end({"当下>>>"}, prompt_width);
}

TEST_CASE_FIXTURE(WatchingFixture,
                  "an entry that is changed in place is told of at an idle prompt, with size and times as they were") {
  by_hand(
      "touch -r \"$diary\" times; sed s/eins/EINS/ \"$diary\" >new; cat new >\"$diary\"; touch -r times \"$diary\"");
  screen.wait_for("1 entry that was written before is no longer in diary");
  CHECK(read_file(diary).find("EINS") != std::string::npos);
  screen.wait_for_end({"当下>>>"}, prompt_width);
}

TEST_CASE_FIXTURE(WatchingFixture, "what is lost when the diary is replaced or removed is told of at an idle prompt") {
  SUBCASE("replaced") {
    by_hand("echo anew >new; mv new \"$diary\"");
  }
  SUBCASE("sed -i") {
    by_hand("sed -i /eins/d \"$diary\"");
  }
  SUBCASE("removed") {
    by_hand("rm \"$diary\"");
  }
  screen.wait_for("1 entry that was written before is no longer in diary");
  screen.wait_for_end({"当下>>>"}, prompt_width);
}

TEST_CASE_FIXTURE(
    WatchingFixture,
    "an idle server is not deceived by an editor that moves the diary away before it writes the new one") {
  by_hand("cp \"$diary\" new; printf 'von Hand\\n\\n' >>new; mv \"$diary\" \"$diary~\"; cat new >\"$diary\"");
  screen.wait_for("the diary was changed by hand");
  wait_until_idle(served.server.program().pid());
  for (const auto& file : std::filesystem::directory_iterator(served.sandbox.path("data/md2"))) {
    CHECK(file.path().string().find(".missing.") == std::string::npos);
  }
}

TEST_CASE_FIXTURE(WatchingFixture, "a server that was told of a change sleeps again without an end") {
  by_hand("printf 'von Hand\\n\\n' >>\"$diary\"");
  screen.wait_for("\nvon Hand\n");
  wait_until_idle(served.server.program().pid());
  served.write("zwei");
  screen.wait_for("zwei");
  wait_until_idle(served.server.program().pid());
  by_hand("printf 'noch einmal\\n\\n' >>\"$diary\"");
  screen.wait_for("\nnoch einmal\n");
}

// edit and delete: what is corrected and struck out, what of it is seen, and that no byte is ever rewritten.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <string>

#include "tests/support/corrected.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("edit: the last entry in the editor; its text becomes a correction, and stands in its place") {
  Corrected diary;
  const Result result = diary.edit("ls -l \"$1\" | cut -c1-10 > mode; cat \"$1\" > got; sed -i s/three/drei/ \"$1\"");
  CHECK(result.status == 0);
  CHECK(result.output == "1 corrected\n");
  CHECK(result.error == "");
  CHECK(read_file(diary.sandbox.path("mode")) == "-rw-------\n");
  const std::string got = read_file(diary.sandbox.path("got"));
  CHECK(got.ends_with("] three\n\n"));
  CHECK(read_file(diary.sandbox.diary()).find(got) != std::string::npos);
  CHECK(diary.seen() == "从前 one two drei* ");
  CHECK(diary.seen({"three"}) == "");
  CHECK(diary.seen({"drei"}) == "drei* ");
  CHECK(diary.seen({"--all", "three"}) == "three ");
  CHECK(diary.files() == 0);
  // The newest text comes into the editor, and what is corrected again stays where it was.
  CHECK(diary.edit("sed -i s/drei/trois/ \"$1\"", {"drei"}).output == "1 corrected\n");
  CHECK(diary.seen() == "从前 one two trois* ");
}

TEST_CASE("edit: changed, removed and new at once; without a terminal a strike takes --yes, and nothing is lost") {
  Corrected diary;
  const std::string script = "sed -i -e s/one/eins/ -e /two/,+1d \"$1\"; echo 'new one' >> \"$1\"";
  const std::string before = read_file(diary.sandbox.diary());
  const Result refused = diary.edit(script, {"-3"});
  CHECK(refused.status == 1);
  CHECK(refused.error.find("an entry would be struck out, and nobody can be asked: that takes --yes; what the editor "
                           "left is in '" +
                           diary.sandbox.state() + "/editing/entry-") != std::string::npos);
  CHECK(read_file(diary.sandbox.diary()) == before);
  CHECK(diary.files() == 1);
  CHECK(diary.edit(script, {"--yes", "-3"}).output == "1 corrected, 1 struck out, 1 new\n");
  CHECK(diary.seen() == "从前 eins* three new one ");
}

TEST_CASE("edit --all brings back what was struck out") {
  Corrected diary;
  CHECK(diary.md2client({"delete", "--yes", "two"}).output == "1 struck out\n");
  CHECK(diary.seen() == "从前 one three ");
  CHECK(diary.edit("cat \"$1\" > got; sed -i 's/(struck out) //' \"$1\"", {"--all"}).output == "1 corrected\n");
  CHECK(read_file(diary.sandbox.path("got")).ends_with("] (struck out) two\n\n"));
  CHECK(diary.seen() == "从前 one two* three ");
  diary.md2client({"delete", "--yes", "o"});
  CHECK(diary.seen() == "从前 three ");
  CHECK(diary.edit("sed -i 's/(struck out) two/TWO/' \"$1\"", {"--all", "two"}).output == "1 corrected\n");
  CHECK(diary.seen() == "从前 TWO* three ");
}

TEST_CASE("edit: nothing changed is said, and an editor that fails or touches a header changes nothing") {
  Corrected diary;
  const std::string before = read_file(diary.sandbox.diary());
  const Result same = diary.edit("cat \"$1\" > x; cat x > \"$1\"; exit 0");
  CHECK(same.status == 0);
  CHECK(same.output.starts_with("nothing was changed"));
  CHECK(diary.files() == 0);
  const Result failed = diary.edit("exit 3");
  CHECK(failed.status == 1);
  CHECK(failed.error == "md2client: nothing was changed: the editor failed with status 3\n");
  CHECK(diary.files() == 0);
  const Result touched = diary.edit("sed -i -e s/one/eins/ -e '3s/^.20/[19/' \"$1\"", {"-3"});
  CHECK(touched.status == 1);
  CHECK(touched.error.find("line 3: ") != std::string::npos);
  CHECK(diary.files() == 1);
  CHECK(read_file(diary.sandbox.diary()) == before);
}

TEST_CASE("edit: what can't be asked for is said: no server, no match, too many, a line that is no entry") {
  Corrected diary;
  CHECK(diary.edit("exit 0", {"nowhere"}).error == "md2client: nothing found\n");
  const Result loose = diary.edit("exit 0", {"从前"});
  CHECK(loose.status == 0);
  CHECK(loose.error.find("1 of what matches is no entry") != std::string::npos);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "many " + std::to_string(i) + "\n";
  diary.md2client({}, many);
  CHECK(diary.edit("cp \"$1\" got", {"many"}).status == 0);
  diary.md2client({"write", "many more"});
  const Result narrow = diary.edit("exit 0", {"many"});
  CHECK(narrow.status == 1);
  CHECK(narrow.error == "md2client: more than 1000 entries match: narrow the query\n");
  diary.server.stop(SIGTERM);
  const Result offline = diary.edit("exit 0");
  CHECK(offline.status == 1);
  CHECK(offline.error.starts_with("md2client: the diary can't be read: "));
}

TEST_CASE("edit: what was changed while the server went away waits in the outbox") {
  Corrected diary;
  diary.editor(
      "kill " + std::to_string(diary.server.program().pid()) + "; while kill -0 " +
      std::to_string(diary.server.program().pid()) + " 2> /dev/null && [ -z \"$(sed -n 's/^State:.*Z.*/gone/p' /proc/" +
      std::to_string(diary.server.program().pid()) + "/status)\" ]; do sleep 0.02; done; sed -i s/three/drei/ \"$1\"");
  const Result kept = run(diary.sandbox, diary.client({"edit"}));
  CHECK(kept.status == 75);
  CHECK(kept.output == "1 corrected\n");
  CHECK(diary.files() == 0);
}

TEST_CASE("delete: strikes what matches, takes a query, and without a terminal --yes") {
  Corrected diary;
  CHECK(diary.md2client({"delete"}).status == 2);
  CHECK(diary.md2client({"delete", "--yes"}).status == 2);
  const Result refused = diary.md2client({"delete", "t"});
  CHECK(refused.status == 1);
  CHECK(refused.error == "md2client: 2 entries would be struck out, and nobody can be asked: that takes --yes\n");
  CHECK(diary.md2client({"delete", "--yes", "nowhere"}).error == "md2client: nothing found\n");
  CHECK(diary.md2client({"delete", "--yes", "-o"}).output == "1 struck out\n");  // without an o
  CHECK(diary.seen() == "从前 one two ");
  CHECK(diary.seen({"--all"}).starts_with("从前 one two three "));
}

TEST_CASE("delete without a word strikes out nothing, whatever a script's empty variable leaves of the query") {
  Corrected diary;
  const std::string before = read_file(diary.sandbox.diary());
  for (const char* const query : {"", " ", "\t "}) {
    const Result result = diary.md2client({"delete", "--yes", query});
    CHECK(result.status == 1);
    CHECK(result.error == "md2client: delete takes a query: without one it would strike out everything\n");
  }
  CHECK(read_file(diary.sandbox.diary()) == before);
}

TEST_CASE("what corrects an entry that is not in the diary can neither be struck out nor edited, and that is said") {
  Corrected diary;
  append_by_hand(diary.sandbox.diary(),
                 "[2026-11-02 10:00:00.000001+08:00] ~[2026-10-01 10:00:00.000001+08:00#12345678] orphan\n\n");
  const std::string before = read_file(diary.sandbox.diary());
  const std::string said =
      "md2client: 1 of what matches corrects an entry that is not in the diary, and stays as it is\n";
  CHECK(diary.md2client({"delete", "--yes", "orphan"}).error.starts_with(said));
  CHECK(diary.edit("sed -i s/orphan/other/ \"$1\"", {"orphan"}).error.starts_with(said));
  CHECK(diary.edit("sed -i s/orphan/other/ \"$1\"", {"--all", "orphan"}).error.starts_with(said));
  CHECK(read_file(diary.sandbox.diary()) == before);
}

TEST_CASE("a corrected diary that begins with a byte order mark is read, searched and made final like any other") {
  ServedDiary served;
  const std::string time = "[2026-11-01 10:00:00.000001+08:00";
  write_file(served.sandbox.diary(), "\xef\xbb\xbf" + time + "] one\n\n[2026-11-02 10:00:00.000001+08:00] ~" + time +
                                         "] ONE\n\n[2026-11-03 10:00:00.000001+08:00] two\n\n");
  const Result read = run(served.sandbox, served.client({"read", "--json"}));
  CHECK(read.status == 0);
  CHECK(read.output.find("\"text\":\"ONE\"") != std::string::npos);
  CHECK(read.output.find("\"text\":\"one\"") == std::string::npos);
  CHECK(served.server.stop(SIGTERM) == 0);
  CHECK(run(served.sandbox, {binary("md2server"), "--purge"}).status == 0);
  CHECK(read_file(served.sandbox.diary()).find("one") == std::string::npos);
}

TEST_CASE("delete: each is shown and asked for; yes, no, all and quit mean what they say") {
  Corrected diary;
  diary.md2client({"write", "four"});
  const std::string question = "strike it out? [y]es [n]o [a]ll [q]uit? ";
  SUBCASE("yes, no, all") {
    Screen screen(diary.sandbox, diary.client({"delete", "-4"}));
    screen.wait_for("one");
    screen.wait_for(question.substr(0, question.size() - 1));
    screen.type("y\r");
    screen.wait_for("two");
    screen.type("what?\rn\r");
    screen.wait_for("three");
    screen.type("　A \r");
    screen.wait_for("3 struck out");
    CHECK(screen.wait() == 0);
    CHECK(diary.seen() == "从前 two ");
  }
  SUBCASE("quit") {
    Screen screen(diary.sandbox, diary.client({"delete", "-4"}));
    screen.wait_for("one");
    screen.type("yes\r");
    screen.wait_for("two");
    screen.type("q\r");
    screen.wait_for("1 struck out");
    CHECK(screen.wait() == 0);
    CHECK(diary.seen() == "从前 two three four ");
  }
}

TEST_CASE(
    "at the prompt /edit takes the last entry into the line, and Enter writes the correction; nothing is printed") {
  Corrected diary;
  const std::string before = read_file(diary.sandbox.diary());
  Screen screen(diary.sandbox, diary.client());
  screen.wait_for("three");
  screen.enter("/edit");
  screen.wait_for([&] { return screen.line().find(">>> three") != std::string::npos; }, "three in the line");
  CHECK(screen.line().starts_with("改 "));
  screen.type(" and more\r");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  CHECK(screen.text().find("✎") == std::string::npos);
  screen.enter("/改");
  screen.wait_for([&] { return screen.line().ends_with(">>> three and more"); }, "the newest text");
  SUBCASE("Ctrl-C leaves it") {
    const std::string edited = screen.line();
    screen.control('C');
    screen.wait_for(edited + "^C");
  }
  SUBCASE("the same text, or none, changes nothing") {
    screen.type("\r");
    screen.wait_for_end({"当下>>>"}, prompt_width);
    screen.enter("/edit");
    screen.wait_for([&] { return screen.line().ends_with(">>> three and more"); }, "the newest text");
    screen.control('u');
    screen.type("\r");
    screen.wait_for("/delete QUERY strikes an entry out");
  }
  SUBCASE("a command is no text, but behind a space") {
    screen.control('u');
    screen.enter("quit");
    screen.wait_for("nothing was changed: 'quit' is a command; with a space in front it is text");
    screen.wait_for_end({"当下>>>"}, prompt_width);
    screen.enter("/edit");
    screen.wait_for([&] { return screen.line().ends_with(">>> three and more"); }, "the newest text");
    screen.control('u');
    screen.enter(" quit");
    screen.wait_for_end({"当下>>>"}, prompt_width);
    screen.enter("/edit");
    screen.wait_for([&] { return screen.line().ends_with(">>> quit"); }, "the newest text");
    screen.control('u');
    screen.enter("three and more");
  }
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("quit");
  CHECK(screen.wait() == 0);
  CHECK(read_file(diary.sandbox.diary()).starts_with(before));
  CHECK(diary.seen() == "从前 one two three and more* ");
}

TEST_CASE("at the prompt /edit QUERY opens the editor and /delete QUERY asks; half a line stays") {
  Corrected diary;
  diary.editor("sed -i s/two/zwei/ \"$1\"");
  Screen screen(diary.sandbox, diary.client());
  screen.wait_for("three");
  screen.enter("/edit two");
  screen.wait_for("1 corrected");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("/delete -2");
  screen.wait_for("zwei");
  screen.type("y\r");
  screen.wait_for("three");
  screen.type("q\r");
  screen.wait_for("1 struck out");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("/delete one");
  screen.wait_for([&] { return screen.line().ends_with("[q]uit?"); }, "the question");
  screen.type("\x03");
  screen.wait_for("nothing was struck out");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("/delete -2");
  screen.wait_for([&] { return screen.line().ends_with("[q]uit?"); }, "the question");
  screen.type("y\r");
  screen.wait_for([&] { return screen.text().ends_with("three\n" + screen.line() + "\n"); }, "the second");
  screen.type("\x03");
  screen.wait_for_end({"nothing was struck out", "当下>>>"}, prompt_width);
  CHECK(screen.text().find("当下>>> ^C") == std::string::npos);
  screen.enter("/delete");
  screen.wait_for("/delete takes a query");
  screen.enter("/delete nowhere");
  screen.wait_for("nothing found");
  screen.enter("quit");
  CHECK(screen.wait() == 0);
  CHECK(diary.seen() == "从前 one three ");
}

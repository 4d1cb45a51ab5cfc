// edit and delete: what is corrected and struck out, what of it is seen, and that no byte is ever rewritten.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>

#include "common/diary/entry.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// A diary with one, two and three, whose writer has a shell script for an editor; $1 is the file. After each command
/// the file before is a prefix of the file behind.
class Corrected : public ServedDiary {
 public:
  Corrected() {
    for (const char* text : {"one", "two", "three"}) md2client({"write", text});
  }

  void editor(const std::string& script) {
    write_file(sandbox.path("an_editor"), "#!/bin/sh\ncd '" + sandbox.folder() + "'\n" + script + "\n");
    chmod(sandbox.path("an_editor").c_str(), 0700);
    sandbox.set("VISUAL", sandbox.path("an_editor"));
  }

  Result md2client(const Command& words, const std::string& input = "") {
    const std::string before = read_file(sandbox.diary());
    Result result = run(sandbox, client(words), input);
    CHECK(read_file(sandbox.diary()).starts_with(before));
    return result;
  }

  /// `edit` with these words and this script.
  Result edit(const std::string& script, Command words = {}) {
    editor(script);
    words.insert(words.begin(), "edit");
    return md2client(words);
  }

  /// As `read --json` has them: `TEXT`, `TEXT*` for one that was corrected.
  std::string seen(const Command& query = {}) const {
    Command words{"read", "--json"};
    words.insert(words.end(), query.begin(), query.end());
    const std::string lines = run(sandbox, client(words)).output;
    std::string texts;
    for (std::size_t at = 0, end = 0; (end = lines.find('\n', at)) != lines.npos; at = end + 1) {
      const std::string line = lines.substr(at, end - at);
      const std::size_t text = line.find("\"text\":\"") + 8;
      texts += line.substr(text, line.find("\",\"tags\"") - text);
      texts += line.find("\"corrected\":") == line.npos ? " " : "* ";
    }
    return texts;
  }

  /// What lies where the editor's files do.
  std::size_t files() const {
    std::error_code none;
    const std::filesystem::directory_iterator folder(sandbox.state() + "/editing", none);
    return none ? 0 : static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
  }
};

}  // namespace

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

TEST_CASE("two devices correct one entry without a server and come back in either order: the same view, both inks") {
  for (const bool other_way : {false, true}) {
    CAPTURE(other_way);
    Corrected diary;
    const std::string before = read_file(diary.sandbox.diary());
    const Sandbox devices[2];
    std::unique_ptr<Screen> screens[2];
    for (int i = 0; i < 2; ++i) {
      std::filesystem::create_directories(std::filesystem::path(diary.key_file(devices[i])).parent_path());
      std::filesystem::copy_file(diary.sandbox.keys(), diary.key_file(devices[i]));
      screens[i] =
          std::make_unique<Screen>(devices[i], Command{binary("md2client"), "-s", diary.server.address_text()});
      screens[i]->wait_for("three");
    }
    diary.server.kill();
    for (int i = 0; i < 2; ++i) {  // one after the other: the second is later
      screens[i]->wait_for("the server is gone");
      screens[i]->enter("/edit");
      screens[i]->wait_for([&] { return screens[i]->line().ends_with(">>> three"); }, "three in the line");
      screens[i]->type(" by " + std::to_string(i) + "\r");
      screens[i]->wait_for_end({"当下(1)>>>"}, prompt_width + 3);
      screens[i]->enter("quit");
      CHECK(screens[i]->wait() == 75);
    }
    diary.server.start();
    for (const int i : {other_way ? 1 : 0, other_way ? 0 : 1})
      run(devices[i], {binary("md2client"), "-s", diary.server.address_text(), "write", "back"});
    const std::string file = read_file(diary.sandbox.diary());
    CHECK(file.starts_with(before));
    CHECK(file.find("] three by 0\n") != std::string::npos);
    CHECK(file.find("] three by 1\n") != std::string::npos);
    CHECK(diary.seen({"three"}) == "three by 1* ");
  }
}

TEST_CASE("JSON of a corrected diary is imported into the same one, one that lacks the correction and an empty one") {
  Corrected diary;
  ServedDiary lacks(read_file(diary.sandbox.diary()).substr(std::string(first_line).size()));
  ServedDiary empty("");
  diary.edit("sed -i s/two/zwei/ \"$1\"", {"two"});
  const std::string json = run(diary.sandbox, diary.client({"read", "--json", "-从前"})).output;
  CHECK(run(diary.sandbox, diary.client({"import"}), json).output.starts_with("0 imported, 3 already in the diary"));
  CHECK(run(lacks.sandbox, lacks.client({"import"}), json).output.starts_with("1 imported, 2 already in the diary"));
  CHECK(run(lacks.sandbox, lacks.client({"read", "--json"})).output == json);
  CHECK(run(empty.sandbox, empty.client({"import"}), json).output.starts_with("3 imported"));
  CHECK(run(empty.sandbox, empty.client({"import"}), json).output.starts_with("0 imported"));
  diary.md2client({"delete", "--yes", "one"});
  const std::string ink = run(diary.sandbox, diary.client({"read", "--json", "--all", "-从前"})).output;
  ServedDiary copy("");
  CHECK(run(copy.sandbox, copy.client({"import"}), ink).output.starts_with("5 imported"));
  CHECK(read_file(copy.sandbox.diary()) == read_file(diary.sandbox.diary()).substr(std::string(first_line).size()));
}

TEST_CASE("a correction by hand that names two entries by their time corrects neither, wherever it stands") {
  const std::string ink = entry(9, "~[" + to_string(*parse_header(entry(1))) + "] by hand");
  ServedDiary two(entry(1, "one") + entry(1, "other") + ink);
  const std::string seen = run(two.sandbox, two.client({"read", "--json"})).output;
  CHECK(seen.find("\"text\":\"one\"") != seen.npos);
  CHECK(seen.find("\"text\":\"other\"") != seen.npos);
  CHECK(seen.find("\"corrected\"") == seen.npos);
  ServedDiary one(entry(1, "one") + ink);
  CHECK(run(one.sandbox, one.client({"read", "--json"})).output.find("\"text\":\"by hand\"") != std::string::npos);
}

TEST_CASE("an import of a read into an empty diary shows what the first one shows") {
  Corrected diary;
  diary.edit("sed -i s/two/zwei/ \"$1\"", {"two"});
  diary.edit("sed -i s/zwei/deux/ \"$1\"", {"zwei"});
  diary.md2client({"delete", "--yes", "one"});
  diary.md2client({"write", "~[2015-10-28 21:26:03.417293+08:00] typed"});
  const std::string backup = run(diary.sandbox, diary.client({"read"})).output;
  CHECK(backup == read_file(diary.sandbox.diary()));
  ServedDiary second("");
  run(second.sandbox, second.client({"import"}), backup.substr(std::string(first_line).size()));
  const auto page = [](const ServedDiary& one) {
    return run(one.sandbox, one.client({"read", "--json", "-从前"})).output;
  };
  CHECK(page(second) == page(diary));
  CHECK(run(second.sandbox, second.client({"read"})).output == backup.substr(std::string(first_line).size()));
}

// Text as people type it and as their programs bring it, through the real programs.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/files.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("a paste of several rows that begins with a slash is an entry, and its CR LF are one newline each") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  REQUIRE(screen.paste_mode());
  screen.type("\x1b[200~\ufeff/usr/bin\r\n\r\nthird\x1b[201~");
  screen.wait_for("third");
  screen.enter("");
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"/usr/bin\n\nthird"});
}

TEST_CASE("a text of several rows that an editor leaves is an entry, without the CR LF and the mark that it writes") {
  ServedDiary served;
  const std::string editor = served.sandbox.path("editor");
  write_file(editor, "#!/bin/sh\nprintf '\\357\\273\\277/usr/bin\\r\\nsecond\\r\\n' >\"$1\"\n");
  chmod(editor.c_str(), 0700);
  Command command{"env", "VISUAL=" + editor};
  for (const std::string& word : served.client()) command.push_back(word);
  Screen screen(served.sandbox, command);
  wait_for_prompt(screen);
  screen.type("\x18\x05");
  screen.wait_for("second");
  screen.enter("");
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"/usr/bin\nsecond"});
}

TEST_CASE("at a prompt the full-width slash and the comma of its key ask, and full-width blanks are nothing") {
  ServedDiary served;
  served.write("找得到的一条");
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  for (const std::string sign : {"／", "、", "/"}) {
    CAPTURE(sign);
    screen.control('l');
    screen.enter(sign + "得到");
    screen.wait_for_end({"21:26  找得到的一条", "当下>>>"}, prompt_width);
  }
  screen.enter("\u3000");
  screen.enter("\u00a0");
  screen.enter("今天\u3000");
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"找得到的一条", "今天"});
  screen.enter("quit\u3000");
  CHECK(screen.wait() == 0);
}

TEST_CASE("write, a pipe and an announcement take CR LF and a byte order mark for what they are") {
  ServedDiary served;
  CHECK(run(served.sandbox, served.client({"write"}), "\ufeff一\r\n二\u3000\r\n").status == 0);
  CHECK(run(served.sandbox, served.client(), "\ufeff三\r\n\u3000\r\n四\r\n、五\r\n").status == 0);
  CHECK(run(served.sandbox, served.client({"write", "六\r\n七\r"})).status == 0);
  CHECK(wait_for_entries(served.sandbox, 5) == Rows{"一\n二", "三", "四", "、五", "六\n七"});
  // A CR that ends no line is refused, not mended.
  const Result refused = run(served.sandbox, served.client({"write"}), "a\rb");
  CHECK(refused.status == 1);
  CHECK(refused.error.find("U+000D") != std::string::npos);
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  CHECK(run(served.sandbox, served.client({"announce", "晚饭\r\n好了\r"})).status == 0);
  screen.wait_for_end({"*** 晚饭", "好了", "当下>>>"}, prompt_width);
}

TEST_CASE("a diary that an editor saved with CR LF shows no ^M, and new entries stand in it as ever") {
  ServedDiary served("\ufeff[2015-10-28 21:26:03.417293+08:00] 一\r\n第二行 #标签\r\n\r\n便条\r\n\r\n");
  Screen screen(served.sandbox, served.client());
  screen.wait_for("便条");
  screen.wait_for_end({"2015-10-28 Wed", "21:26  一", "       第二行 #标签", "便条", "", "", "当下>>>"}, prompt_width);
  served.write("二");
  screen.wait_for("二\n");
  CHECK(screen.text().find("^M") == std::string::npos);
  CHECK(served.read({"#标签", "--json"}).error.find("nothing") == std::string::npos);
}

TEST_CASE("Tab lists what can follow the sign of a question, and heeds completion-ignore-case") {
  ServedDiary served;
  served.write("写完了#Holiday");
  const std::string inputrc = served.sandbox.path("inputrc");
  write_file(inputrc, "set completion-ignore-case on\n");
  Command command{"env", "INPUTRC=" + inputrc};
  for (const std::string& word : served.client()) command.push_back(word);
  Screen screen(served.sandbox, command);
  wait_for_prompt(screen);
  screen.wait_for("写完了#Holiday");  // its day is one that can follow
  screen.type("/\t\t");
  screen.wait_for("yesterday");
  screen.wait_for("/2015");
  screen.control('u');
  screen.type("/20\t");
  screen.wait_for([&] { return screen.line() == "当下>>> /2015"; }, "/2015");
  screen.control('u');
  screen.type("#HO\t");
  screen.wait_for([&] { return screen.line() == "当下>>> #Holiday"; }, "#Holiday");
}

TEST_CASE("on a narrow terminal the help and the messages keep their words whole") {
  for (const int columns : {40, 20}) {
    CAPTURE(columns);
    ServedDiary served;
    Screen screen(served.sandbox, served.client(), 60, columns);
    wait_for_prompt(screen);
    screen.enter("?");
    screen.wait_for("what can follow");
    served.announce("the kettle is boiling and somebody should look after it");
    screen.wait_for("after it");
    screen.enter("/\"open");
    screen.wait_for("closed");
    const std::string text = screen.text();
    for (const char* words : {"Alt-Enter", "2015-10-28", "on-this-day", "somebody", "understand", "closed"}) {
      CAPTURE(words);
      CHECK(text.find(words) != std::string::npos);
    }
  }
}

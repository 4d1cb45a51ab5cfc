// Old diaries come in with their dates, once.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "common/diary/entry_reader.h"
#include "common/text/text.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// What stands in the diary: `2015-10-28 21:26:00+08:00 text`.
std::vector<std::string> dated_texts(const Sandbox& sandbox) {
  EntryReader reader;
  reader.feed(read_file(sandbox.diary()));
  reader.finish();
  std::vector<std::string> out;
  while (const auto item = reader.next()) {
    if (!item->time) continue;
    const std::string time = to_string(*item->time);
    out.push_back(time.substr(0, 19) + time.substr(26) + " " + std::string(trimmed_of_ascii(item->text())));
  }
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("import: a journal of jrnl and text under dates come in with their dates, once, also when they have grown") {
  ServedDiary served;
  served.sandbox.set("TZ", "Asia/Shanghai");
  const std::string journal =
      "[2015-10-28 21:26] Called in sick. *\nCleaned the house.\n\nSlept.\n\n[2015-10-28 09:26:03 PM] 下雨\n";
  const std::string diary = "2019年3月5日 星期二 晴\n\n今天去了公园。\n\n2019年3月6日 21:26\n睡了\n";
  write_file(served.sandbox.path("journal.txt"), journal);
  write_file(served.sandbox.path("diary.txt"), diary);
  const Texts expected = {"2015-10-28 21:26:00+08:00 Called in sick. *\nCleaned the house.\n\nSlept.",
                          "2015-10-28 21:26:03+08:00 下雨", "2019-03-05 00:00:00+08:00 晴\n\n今天去了公园。",
                          "2019-03-06 21:26:00+08:00 睡了"};
  const Command import = served.client({"import", "journal.txt", "diary.txt"});
  CHECK(run(served.sandbox, import).output == "4 imported, 0 already in the diary, 0 not imported\n");
  CHECK(dated_texts(served.sandbox) == expected);
  CHECK(run(served.sandbox, import).output == "0 imported, 4 already in the diary, 0 not imported\n");
  write_file(served.sandbox.path("journal.txt"),
             "[2015-10-28 21:26] before\n\n" + journal + "\n[2015-10-29 08:00] after\n");
  CHECK(run(served.sandbox, import).output == "2 imported, 4 already in the diary, 0 not imported\n");
  CHECK(dated_texts(served.sandbox).size() == 6);
}

TEST_CASE("import: what each program wrote comes in whole, and a second time nothing does") {
  ServedDiary served;
  served.sandbox.set("TZ", "Asia/Shanghai");
  const std::string folder = std::filesystem::absolute("tests/client/import/samples");
  Command import = served.client({"import"});
  for (const auto& file : std::filesystem::directory_iterator(folder)) import.push_back(file.path());
  REQUIRE(import.size() == served.client({"import"}).size() + 7);
  const Result dry = [&] {
    Command command = import;
    command.insert(command.end(), "--dry-run");
    return run(served.sandbox, command);
  }();
  CHECK(dry.status == 0);
  CHECK(dry.error == "");
  CHECK(dry.output.find("\n14 would be imported, from 2015-10-28 to ") != std::string::npos);
  CHECK(dry.output.find(", 7 already in the diary (1 of them without a time: --again takes them), 1 without text, 0 "
                        "not imported\n") != std::string::npos);
  CHECK(dry.output.find("samples/jrnl.txt': a journal of jrnl\n") != std::string::npos);
  CHECK(dated_texts(served.sandbox).empty());
  CHECK(run(served.sandbox, import).output ==
        "14 imported, 7 already in the diary (1 of them without a time: --again takes them), 1 without text, 0 not "
        "imported\n");
  const std::string diary = read_file(served.sandbox.diary());
  CHECK(run(served.sandbox, import).output ==
        "0 imported, 21 already in the diary (2 of them without a time: --again takes them), 1 without text, "
        "0 not imported\n");
  CHECK(read_file(served.sandbox.diary()) == diary);
  const Texts texts = dated_texts(served.sandbox);
  for (const std::string text : {"2018-05-18 19:59:54-04:00 Airport snacking $9.50 "
                                 "#food\n\n![](dayone-moment://771BFB4BA8E04650B70E0F0C3E07A559)\n#Road_trip",
                                 "2019-03-05 11:33:00+08:00 Work on org-journal #org-journal #work\nFor the longest "
                                 "time, I wanted to have a cool diary app on my\ncomputer.",
                                 "2015-10-28 21:26:03+08:00 今天 #日记\n 第二行 \"引\" \\",
                                 "2019-03-06 00:15:00+08:00 Slept.", "2019-03-06 21:26:00+08:00 　　下雨。"}) {
    CAPTURE(text);
    CHECK(std::ranges::count(texts, text) == 1);
  }
}

TEST_CASE("import: paragraphs without a time have that of their file, and those that the diary holds are left out") {
  ServedDiary served;
  const std::string path = served.sandbox.path("old.txt");
  write_file(path, "一\n\n二\n两行\n\n一\n");
  REQUIRE(run(served.sandbox, {"touch", "-d", "2015-10-28 21:26:03Z", path}).status == 0);
  served.sandbox.set("TZ", "UTC");
  CHECK(run(served.sandbox, served.client({"import", path})).output ==
        "3 imported, 0 already in the diary, 0 not imported\n");
  CHECK(dated_texts(served.sandbox) ==
        Texts{"2015-10-28 21:26:03+00:00 一", "2015-10-28 21:26:03+00:00 二\n两行", "2015-10-28 21:26:03+00:00 一"});
  append_by_hand(served.sandbox.diary(), "散在\n日记里\n\n");
  write_file(path, "一\n\n三\n\n散在\n日记里\n");
  CHECK(run(served.sandbox, served.client({"import", path})).output ==
        "1 imported, 2 already in the diary (2 of them without a time: --again takes them), 0 not imported\n");
  CHECK(run(served.sandbox, served.client({"import", "--again", path})).output ==
        "3 imported, 0 already in the diary, 0 not imported\n");
  CHECK(dated_texts(served.sandbox).size() == 7);
}

TEST_CASE("import: a file in another encoding is one message with a guess, and comes in when it is named") {
  ServedDiary served;
  served.sandbox.set("TZ", "UTC");
  std::string gbk;
  for (int i = 0; i < 3000; ++i) gbk += "hello\n\n\xd6\xd0\xce\xc4\n\n";
  write_file(served.sandbox.path("gbk.txt"), "2019\xc4\xea\x33\xd4\xc2\x35\xc8\xd5\n" + gbk);
  for (const Command& way : {Command{"import", "gbk.txt"}, Command{"import"}}) {
    const Result result = run(served.sandbox, served.client(way), way.size() == 1 ? gbk : "");
    CHECK(result.status == 1);
    CHECK(result.output == "");
    CHECK(result.error ==
          "md2client: nothing was imported: " + std::string(way.size() == 1 ? "standard input" : "'gbk.txt'") +
              " is not UTF-8, but maybe GB18030; --encoding=GB18030 says so, and --dry-run shows what that gives\n");
  }
  CHECK(dated_texts(served.sandbox).empty());
  CHECK(run(served.sandbox, served.client({"import", "--encoding=GB18030", "gbk.txt"})).output ==
        "1 imported, 0 already in the diary, 0 not imported\n");
  CHECK(dated_texts(served.sandbox).at(0).starts_with("2019-03-05 00:00:00+00:00 hello\n\n中文\n"));
}

TEST_CASE("import: of files in which something can't be taken nothing is, and all of it is told at once") {
  ServedDiary served;
  write_file(served.sandbox.path("good.txt"), "好\n");
  write_file(served.sandbox.path("bad.txt"), "好的\n\nb\x1b[31md\n\nfine\n\n\xff\n");
  const Result result = run(served.sandbox, served.client({"import", "good.txt", "bad.txt"}));
  CHECK(result.status == 1);
  CHECK(result.error ==
        "md2client: nothing was imported: 2 can't be taken as they are:\n"
        "  'bad.txt', line 3 holds the control character U+001B\n  'bad.txt', line 7 is not valid UTF-8\n");
  CHECK(dated_texts(served.sandbox).empty());
  const Result piped = run(served.sandbox, served.client({"import"}), read_file(served.sandbox.path("bad.txt")));
  CHECK(piped.status == 1);
  CHECK(piped.output == "2 imported, 0 already in the diary, 2 not imported\n");
  CHECK(piped.error ==
        "md2client: not imported:\n  line 3 holds the control character U+001B\n  line 7 is not valid UTF-8\n");
}

TEST_CASE("import: dates that can't be read are told before anything is written, and asked about at a terminal") {
  ServedDiary served;
  write_file(served.sandbox.path("us.txt"), "05/03/2019\nhello\n\n06/03/2019\nx\n");
  const std::string told =
      "2 lines look like dates and can't be read as such; they would be taken for text:\n  line 1: 05/03/2019\n"
      "  line 4: 06/03/2019\n";
  const Result result = run(served.sandbox, served.client({"import", "us.txt"}));
  CHECK(result.status == 1);
  CHECK(result.error ==
        "md2client: nothing was imported: " + told + "put them right, or take them for text with --from=paragraphs\n");
  for (const char* const answer : {"n", "y"}) {
    CAPTURE(answer);
    CHECK(dated_texts(served.sandbox).empty());
    Screen screen(served.sandbox, served.client({"import", "us.txt"}), 24, 150);
    screen.wait_for("line 4: 06/03/2019");
    screen.wait_for("take them for text? [y/N]");
    screen.enter(answer);
    CHECK(screen.wait() == (*answer == 'y' ? 0 : 1));
  }
  CHECK(dated_texts(served.sandbox).size() == 2);
}

TEST_CASE("import: a day that no calendar has is told wherever it stands, and does not become the day before") {
  ServedDiary served;
  for (const std::string text :
       {"2019年2月30日 雨\n\na\n\n2019年3月4日\n\nb\n", "2019年2月4日\n\na\n\n2019年2月30日 雨\n\nb\n"}) {
    CAPTURE(text);
    write_file(served.sandbox.path("zh.txt"), text);
    const Result result = run(served.sandbox, served.client({"import", "zh.txt"}));
    CHECK(result.status == 1);
    CHECK(result.error.starts_with(
        "md2client: nothing was imported: 1 line looks like a date and can't be read as one; it would be taken for "
        "text:\n  line "));
    CHECK(result.error.ends_with(": 2019年2月30日 雨\nput them right, or take them for text with --from=dated\n"));
  }
  CHECK(dated_texts(served.sandbox).empty());
  CHECK(run(served.sandbox, served.client({"import", "--from=dated", "zh.txt"})).status == 0);
  CHECK(dated_texts(served.sandbox).size() == 1);
}

TEST_CASE("import: a format that was asked for, of which a file has nothing, is an error") {
  ServedDiary served;
  write_file(served.sandbox.path("plain.txt"), "hello\n");
  for (const std::string format : {"jrnl", "org", "dated"}) {
    CAPTURE(format);
    const Result result = run(served.sandbox, served.client({"import", "--from=" + format, "plain.txt"}));
    CHECK(result.status == 1);
    CHECK(result.error.starts_with("md2client: nothing was imported: 'plain.txt' has no date that is written as in "));
  }
  CHECK(run(served.sandbox, served.client({"import", "--dry-run", "plain.txt"}))
            .output.starts_with("'plain.txt': paragraphs without dates\n"));
  CHECK(dated_texts(served.sandbox).empty());
}

TEST_CASE("import: of a stream that pauses the entries that have ended are saved") {
  ServedDiary served;
  Program import(served.sandbox, served.client({"import"}), Program::Input::pipe);
  import.write(entry(1, "一") + entry(2, "二") + entry(3, "三").substr(0, 20));
  wait_for_file(served.sandbox.diary(), [](const std::string& text) { return text.ends_with(entry(2, "二")); });
  import.write(entry(3, "三").substr(20));
  wait_for_file(served.sandbox.diary(), [](const std::string& text) { return text.ends_with(entry(3, "三")); });
  import.close_input();
  CHECK(import.wait() == 0);
  CHECK(import.output() == "3 imported, 0 already in the diary, 0 not imported\n");
}

TEST_CASE("import: a format that is not known is told with those that are") {
  ServedDiary served;
  const Result result = run(served.sandbox, served.client({"import", "--from=xml"}), "x\n");
  CHECK(result.status == 1);
  CHECK(result.error == "md2client: --from=xml: the formats are diary, jrnl, json, org, dated, paragraphs\n");
}

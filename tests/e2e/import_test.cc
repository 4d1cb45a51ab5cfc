// Old diaries come in with their dates, once.
#include <doctest/doctest.h>

#include <string>

#include "common/diary/entry_reader.h"
#include "common/text/text.h"
#include "tests/support/files.h"
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

TEST_CASE("import: a format that is not known is told with those that are") {
  ServedDiary served;
  const Result result = run(served.sandbox, served.client({"import", "--from=xml"}), "x\n");
  CHECK(result.status == 1);
  CHECK(result.error == "md2client: --from=xml: the formats are diary, jrnl, json, org, dated, paragraphs\n");
}

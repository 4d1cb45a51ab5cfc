#include "client/link/client.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <string>
#include <vector>

#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/hush.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// What a client has told.
using Told = std::vector<std::string>;

struct Account {
  Told told;
  Client client;

  explicit Account(const ServedDiary& served, bool follow = false)
      : client(options_for(served), follow, [this](const std::string& sentence) { told.push_back(sentence); }) {}

  static ClientOptions options_for(const ServedDiary& served) {
    ClientOptions options;
    options.server = served.server.address();
    options.keys = served.sandbox.keys();
    options.outbox = served.sandbox.path("outbox");
    return options;
  }
};

const std::string refused_entry = "[2015-10-28 21:26:03.417293+24:00] no such hour\n\n";
const std::string told_of_it =
    "the server refused an entry: the entry has no header [YYYY-MM-DD HH:MM:SS.ffffff+HH:MM]\n"
    "[2015-10-28 21:26:03.417293+24:00] no such hour";

}  // namespace

TEST_CASE("client: what is saved needs no word, and the status is 0") {
  ServedDiary served;
  Account account(served);
  account.client.keep({account.client.make_entry("一"), account.client.make_entry("二")});
  CHECK(account.client.wait_until_saved());
  CHECK(account.client.exit_status() == 0);
  CHECK(account.told == Told{});
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"一", "二"});
}

TEST_CASE("client: a refusal is told with reason and text, once, and the outbox is empty then, and the status is 1") {
  ServedDiary served;
  for (int round = 0; round < 20; ++round) {
    CAPTURE(round);
    Account account(served);
    account.client.keep({refused_entry, account.client.make_entry("一"), refused_entry});
    CHECK(account.client.wait_until_saved());
    CHECK(account.client.refused() == 2);
    CHECK(account.client.exit_status() == 1);
    CHECK(account.told == Told{told_of_it, told_of_it});
  }
}

TEST_CASE("client: who only reads tells of a refusal, and minds not what is kept") {
  ServedDiary served;
  {
    Account account(served);
    account.client.keep({refused_entry});
    while (account.client.outbox().waiting() > 0) account.client.next();
    CHECK(account.client.exit_status_of_reader() == 1);
    CHECK(account.told == Told{told_of_it});
  }
  served.server.stop(SIGTERM);
  Account account(served);
  account.client.keep({account.client.make_entry("一")});
  CHECK_FALSE(account.client.wait_until_saved());
  CHECK(account.client.exit_status_of_reader() == 0);
  CHECK(account.told == Told{});
}

TEST_CASE("client: what is kept is told with its number, place and reason, and 75 goes before a refusal's 1") {
  ServedDiary served;
  Account account(served);
  account.client.keep({refused_entry});
  account.client.wait_until_saved();
  served.server.stop(SIGTERM);
  while (account.client.online()) account.client.next();
  account.client.keep({account.client.make_entry("一")});
  CHECK_FALSE(account.client.wait_until_saved());
  CHECK(account.client.exit_status() == 75);
  REQUIRE(account.told.size() == 2);
  CHECK(account.told[1] == "not saved yet: " + account.client.fault() + "; 1 entry is kept in " +
                               served.sandbox.path("outbox") +
                               " and will go out when md2client runs and reaches the server");
}

TEST_CASE("client: what failed is told first, then what is kept, and whoever has kept nothing himself gets no 75") {
  ServedDiary served;
  served.server.stop(SIGTERM);
  {
    Account account(served);
    CHECK(account.client.account([&] {
      account.client.keep({account.client.make_entry("一")});
      throw Error("the work ended");
    }) == 75);
    REQUIRE(account.told.size() == 2);
    CHECK(account.told[0] == "the work ended");
    CHECK(account.told[1].find("1 entry is kept in ") != std::string::npos);
  }
  const Hush hush;  // the outbox says what it has found
  Account account(served);
  CHECK(account.client.account([] { throw Error("nothing was kept"); }) == 1);
  CHECK(account.told == Told{"nothing was kept"});
  CHECK(account.client.outbox().waiting() == 1);
}

TEST_CASE("client: where entries are kept is said, or why they can't be, and one that is not makes the status 1") {
  ServedDiary served;
  served.server.stop(SIGTERM);
  const std::string folder = served.sandbox.path("outbox");
  Account account(served);
  CHECK(account.client.what_becomes_of_entries() ==
        "what you write is kept in " + folder + " and goes out when it can be saved");
  const Hush hush;  // the link tells that it can't look into the folder
  std::filesystem::remove_all(folder);
  write_file(folder, "no folder");
  CHECK(account.client.what_becomes_of_entries() ==
        "what you write can't be kept in " + folder + ": Permission denied");
  CHECK_THROWS_AS(account.client.keep({account.client.make_entry("一")}), Error);
  CHECK(account.client.exit_status() == 1);
}

TEST_CASE("client: a text that can't be an entry is told by whoever wrote it") {
  ServedDiary served;
  Account account(served);
  CHECK_THROWS_WITH_AS(account.client.make_entry(""), doctest::Contains("not kept: "), Error);
  account.client.refuse("not kept: it is empty");
  CHECK(account.told == Told{"not kept: it is empty"});
  CHECK(account.client.exit_status() == 1);
}

TEST_CASE("client: a text in the form of a correction is stored so that it is none") {
  ServedDiary served;
  Account account(served);
  const std::string typed = "~[2015-10-28 21:26:03.417293+08:00#5f1c09ab] a";
  const auto entry = decode(account.client.make_entry(typed));
  REQUIRE(entry);
  CHECK(entry->text == "~" + typed);
  CHECK(as_read(entry->text) == typed);
  CHECK(decode(account.client.make_dated_entry("21:26 " + typed))->text == "~" + typed);
}

TEST_CASE("client: the server that went and came back is known as soon as the link says so") {
  ServedDiary served;
  Account account(served);
  CHECK(account.client.wait_for_greeting());
  CHECK(account.client.diary_end() == std::string(first_line).size());
  CHECK(account.client.may_be_saved_soon());
  served.server.kill();
  while (account.client.online()) account.client.next();
  CHECK(account.client.tried_to_connect());
  CHECK_FALSE(account.client.may_be_saved_soon());
  CHECK(account.client.fault() != "");
}

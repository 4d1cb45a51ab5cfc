#include "client/import/comparison.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/entries.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

/// What the link would say is said by hand: nobody is at the address.
struct ComparisonFixture {
  TemporaryFolder folder;
  Client client{options_in(folder), false, [](const std::string&) {}};
  Comparison comparison{client};

  static ClientOptions options_in(const TemporaryFolder& folder) {
    ClientOptions options;
    options.server = {"127.0.0.1", "1"};
    options.keys = folder.path("keys");
    options.outbox = folder.path("outbox");
    return options;
  }

  void connect(std::uint64_t connection) {
    comparison.take({Event::Kind::online, {Verb::greeting, 0, {}, connection << 32}});
  }
  void say(Verb verb, std::uint64_t number, std::string text = {}, std::uint64_t second = 0) {
    comparison.take({Event::Kind::message, {verb, number, std::move(text), second}});
  }
  void pass(const std::string& diary) {
    say(Verb::diary, 0, diary);
    say(Verb::now, diary.size());
  }
};

const std::string two = entries(1, 3);

}  // namespace

TEST_CASE_FIXTURE(ComparisonFixture,
                  "until the whole diary has passed by an entry that is not known may be anywhere in it") {
  comparison.begin();
  connect(3);
  say(Verb::diary, 0, two.substr(0, 70));
  CHECK_FALSE(comparison.whole());
  CHECK(comparison.hold() == 0);
  say(Verb::diary, 70, two.substr(70));
  CHECK_FALSE(comparison.whole());
  say(Verb::now, two.size());
  REQUIRE(comparison.whole());
  CHECK_FALSE(comparison.add(entry(1)));
  CHECK(comparison.add(entry(3)));
  CHECK(comparison.hold() == std::uint64_t{3} << 32);
  CHECK(client.exchange().held_since().offset == two.size());
}

TEST_CASE_FIXTURE(ComparisonFixture, "over another connection it is known up to where that has brought it") {
  comparison.begin();
  connect(3);
  pass(two);
  for (const bool told : {false, true}) {
    CAPTURE(told);
    if (told) comparison.take({Event::Kind::offline, {}});
    if (!told) connect(4);
    CHECK_FALSE(comparison.whole());
    CHECK(comparison.hold() == 0);
    if (told) connect(5);
    say(Verb::now, two.size());
    CHECK(comparison.hold() == std::uint64_t{told ? 5U : 4U} << 32);
  }
}

TEST_CASE_FIXTURE(ComparisonFixture, "what is still on its way when the diary passes by once more is none of it") {
  comparison.begin();
  connect(3);
  pass(two);
  say(Verb::changed, 30, "by hand");
  CHECK_FALSE(comparison.whole());
  say(Verb::diary, two.size(), entry(9));
  say(Verb::now, two.size() + entry(9).size());
  CHECK_FALSE(comparison.whole());
  pass(entry(5));
  CHECK(comparison.whole());
  CHECK_FALSE(comparison.add(entry(5)));
  CHECK(comparison.add(entry(9)));
}

TEST_CASE_FIXTURE(ComparisonFixture, "a change before what is known lets it pass by again, one behind it only counts") {
  comparison.begin();
  connect(3);
  pass(two);
  say(Verb::since, two.size(), {}, 1);
  REQUIRE(comparison.whole());
  CHECK(comparison.hold() == (std::uint64_t{3} << 32 | 1));
  say(Verb::since, two.size() - 1, {}, 2);
  CHECK_FALSE(comparison.whole());
  CHECK(comparison.hold() == 0);
}

TEST_CASE_FIXTURE(ComparisonFixture, "while entries wait the link is told nothing else, which could leave them out") {
  comparison.begin();
  connect(3);
  pass(two);
  comparison.hold();
  client.keep({entry(7)}, comparison.hold());
  say(Verb::diary, two.size(), entry(8));
  CHECK(comparison.hold() == std::uint64_t{3} << 32);
  CHECK(client.exchange().held_since().offset == two.size());
  connect(4);
  say(Verb::now, two.size() + entry(8).size());
  CHECK(comparison.hold() == std::uint64_t{4} << 32);
  CHECK(client.exchange().held_since().offset == two.size() + entry(8).size());
}

TEST_CASE_FIXTURE(ComparisonFixture, "in an empty diary there is no place up to which it need not be looked for") {
  comparison.begin();
  connect(3);
  pass("");
  CHECK(comparison.whole());
  CHECK(comparison.hold() == 0);
}

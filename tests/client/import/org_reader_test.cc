#include "client/import/org_reader.h"

#include <doctest/doctest.h>

#include "tests/client/import/pieces.h"

using namespace md2;
using namespace md2::test;

namespace {

using Items = std::vector<std::string>;

Items org_items(const std::string& input, std::size_t size = 1 << 16) {
  BerlinOf2019 clock;
  return items_by([&](Source& source, const TakeItem& take) { read_org(source, clock, take); }, input, size);
}

}  // namespace

TEST_CASE("a journal of org-journal becomes its entries, with their tags, whatever the pieces") {
  const std::string journal = sample("journal.org");
  const std::string meeting =
      "2019-03-05 10:28:00 Company meeting\nEndless discussions about projects. Not much progress\n\n*** minutes\n- "
      "none";
  const std::string work =
      "2019-03-05 11:33:00 Work on org-journal #org-journal #work\n"
      "For the longest time, I wanted to have a cool diary app on my\ncomputer.";
  const Items expected = {
      meeting,
      work,
      "2019-03-05 00:00:00 TODO teach org-journal how to brew coffee",
      "2019-03-06 00:00:00 No heading.",
      "2019-03-06 09:05:00 睡了",
  };
  for (std::size_t size = 1; size < 30; ++size) {
    CAPTURE(size);
    CHECK(org_items(journal, size) == expected);
  }
}

TEST_CASE("a day is meant in whatever form, and the day of the week or CREATED decides between two") {
  for (const std::string day : {"2019-03-05", "<2019-03-05 Tue>", "[2019-03-05 Tue]", "2019-03-05 Tuesday",
                                "Tuesday, 03/05/19", "Tuesday, 05/03/19", "Tuesday, 03/05/2019", "03/05/2019",
                                "05.03.2019", "5 March 2019", "2019年3月5日 星期二"}) {
    CAPTURE(day);
    CHECK(org_items("* " + day + "\n** 10:28 x\n") == Items{"2019-03-05 10:28:00 x"});
  }
  CHECK(org_items("* 03/05/2019\n:PROPERTIES:\n:CREATED: 20190503\n:END:\n** 10:28 x\n") ==
        Items{"2019-05-03 10:28:00 x"});
}

TEST_CASE("a date tree becomes its entries, and what is outside a day paragraphs") {
  CHECK(org_items("* 2019\n** 2019-03 March\n*** 2019-03-05 Tuesday\n**** 10:28 x\n***** deeper\n**** y\n* 2020\n* "
                  "Notes\nsome\n\nmore") ==
        Items{"2019-03-05 10:28:00 x\n***** deeper", "2019-03-05 00:00:00 y", "- Notes\nsome", "- more"});
}

TEST_CASE("a heading of blanks is one without words") {
  CHECK(org_items("* 2019-03-05\n**  \nx\n** \ny\n") == Items{"2019-03-05 00:00:00 x", "2019-03-05 00:00:00 y"});
  CHECK(org_items("*** \n") == Items{});
  CHECK_FALSE(is_org_day("*** "));
}

TEST_CASE("a heading with a date and a title is an entry itself") {
  CHECK(org_items("* <2019-03-05 Tue 10:28> went out :walk:\nfar\n* 2019-03-06: slept\n") ==
        Items{"2019-03-05 10:28:00 went out #walk\nfar", "2019-03-06 00:00:00 slept"});
}

#include "client/import/json_reader.h"

#include <doctest/doctest.h>

#include "client/import/importer.h"
#include "client/import/jrnl_reader.h"
#include "tests/client/import/pieces.h"

using namespace md2;
using namespace md2::test;

namespace {

using Items = std::vector<std::string>;

Items json_items(const std::string& input, std::size_t size = 1 << 16) {
  BerlinOf2019 clock;
  return items_by([&](Source& source, const TakeItem& take) { read_json(source, clock, take); }, input, size);
}

struct Case {
  std::string file;
  Items expected;
};

const std::vector<Case> cases = {
    {"md2.json", {"2015-10-28 21:26:03 今天 #日记\n 第二行 \"引\" \\", "- 从前"}},
    {"jrnl.json",
     {"2019-03-05 09:00:00 Called in sick. *\nUsed the time to clean the house @home, and\n\n  [ ] spent 4h\n"
      "[draft] on writing my book. #book",
      "2019-03-05 21:00:00 今天下雨。", "2019-03-06 00:15:00 Slept."}},
    {"day_one.json",
     {"2018-05-18 19:59:54 Airport snacking $9.50 #food\n\n![](dayone-moment://771BFB4BA8E04650B70E0F0C3E07A559)\n"
      "#Road_trip",
      "2019-01-01 08:30:00 ", "2019-01-01 08:30:00 新年"}},
};

}  // namespace

TEST_CASE("JSON of md2, of jrnl and of Day One becomes its entries, whatever the pieces") {
  for (const Case& one : cases) {
    const std::string file = one.file;
    CAPTURE(file);
    const std::string input = sample(file);
    for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 16}) {
      CAPTURE(size);
      CHECK(json_items(input, size) == one.expected);
    }
    std::string twice = "\xef\xbb\xbf";
    twice.append(input).append("\n\n").append(input);
    CHECK(json_items(twice).size() == 2 * one.expected.size());
  }
}

TEST_CASE("an array of entries is its entries") {
  CHECK(json_items("[{\"text\":\"一\"},\n{\"text\":\"二\",\"tags\":[\"x\"]}]") == Items{"- 一", "- 二"});
  CHECK(json_items("[]\n{\"entries\":[]}") == Items{});
}

TEST_CASE("what md2 wrote is the entry itself, to the microsecond, and never a correction") {
  BerlinOf2019 clock;
  EntryClock times;
  Importer importer(times);
  std::vector<std::string> encoded;
  Pieces pieces(
      "{\"time\":\"2015-10-28T21:26:03.417293+08:00\",\"text\":\"今天\"}"
      "{\"time\":\"2015-10-28T21:26:03.417293+08:00\",\"text\":\"~[2015-10-28 21:26:03.417293+08:00] x\"}");
  read_json(pieces, clock, [&](const Item& item) { encoded.push_back(importer.make(item).encoded); });
  CHECK(encoded == Items{"[2015-10-28 21:26:03.417293+08:00] 今天\n\n",
                         "[2015-10-28 21:26:03.417293+08:00] ~~[2015-10-28 21:26:03.417293+08:00] x\n\n"});
}

TEST_CASE("a correction that md2 wrote as one stays one, also where it strikes out") {
  BerlinOf2019 clock;
  EntryClock times;
  Importer importer(times);
  Items encoded;
  const std::string times_of_both =
      "\"time\":\"2016-10-28T21:26:03.417293+08:00\",\"corrects\":\"2015-10-28T21:26:03.417293+08:00\"";
  Pieces pieces("{" + times_of_both + ",\"hash\":\"5f1c09ab\",\"text\":\"newest\"}\n{" + times_of_both +
                ",\"text\":\"\"}\n");
  read_json(pieces, clock, [&](const Item& item) { encoded.push_back(importer.make(item).encoded); });
  CHECK(encoded == Items{"[2016-10-28 21:26:03.417293+08:00] ~[2015-10-28 21:26:03.417293+08:00#5f1c09ab] newest\n\n",
                         "[2016-10-28 21:26:03.417293+08:00] ~[2015-10-28 21:26:03.417293+08:00]\n\n"});
}

TEST_CASE("a corrected entry bears its hash, so that only its correction comes where it stands already") {
  BerlinOf2019 clock;
  EntryClock times;
  Importer importer(times);
  Pieces pieces(
      "{\"time\":\"2015-10-28T21:26:03.417293+08:00\",\"corrected\":\"2016-10-28T21:26:03.417293+08:00\","
      "\"hash\":\"5f1c09ab\",\"text\":\"newest\"}");
  read_json(pieces, clock, [&](const Item& item) {
    const Imported imported = importer.make(item);
    CHECK(imported.encoded == "[2015-10-28 21:26:03.417293+08:00] newest\n\n");
    REQUIRE(imported.correction);
    CHECK(imported.correction->of.hash == 0x5f1c09ab);
    CHECK(imported.correction->encoded ==
          "[2016-10-28 21:26:03.417293+08:00] ~[2015-10-28 21:26:03.417293+08:00#5f1c09ab] newest\n\n");
  });
}

TEST_CASE("an entry of jrnl's is the same from its file and from its JSON") {
  BerlinOf2019 clock;
  EntryClock times;
  const auto encoded = [&](const std::string& input, auto read) {
    Importer importer(times);
    Items out;
    Pieces pieces(input);
    read(pieces, clock, [&](const Item& item) { out.push_back(importer.make(item).encoded); });
    return out;
  };
  CHECK(encoded(sample("jrnl.json"), read_json) == encoded(sample("jrnl.txt"), read_jrnl));
  CHECK(encoded(sample("jrnl.json"), read_json) == encoded(sample("jrnl_12_hours.txt"), read_jrnl));
}

TEST_CASE("what is no JSON, no entry or no time is a fault with its line, and what came before it is there") {
  CHECK(json_items("{\"text\":\"一\"}\n{\"text\":") ==
        Items{"- 一",
              "- line 2: it is not JSON: syntax error while parsing value - unexpected end of input; expected '[', "
              "'{', or a literal"});
  CHECK(json_items("\n{\"words\":\"一\"}\n{\"text\":\"二\"}") ==
        Items{"- line 2: neither md2 nor jrnl nor Day One writes such an entry", "- 二"});
  CHECK(json_items("{\"text\":\"一\",\"time\":\"yesterday\"}") == Items{"- 一line 1: 'yesterday' is no time"});
  CHECK(json_items("\xef\xbb\xbf x", 1) == json_items("\xef\xbb\xbf x"));
  CHECK(json_items("{\"text\":\"\xff\"}").at(0).starts_with("- line 1: it is not JSON: "));
}

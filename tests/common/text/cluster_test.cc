#include "common/text/cluster.h"

#include <doctest/doctest.h>

#include <string>

using namespace md2;

TEST_CASE("the fewest columns of a cluster are what a terminal gives that joins it") {
  struct Case {
    std::string text;
    int fewest;
  };
  for (const Case& c : {Case{"a", 1},
                        {"一", 2},
                        {"e\u0301", 1},
                        {"👨‍👩‍👧", 2},
                        {"👍🏽", 2},
                        {"❤\ufe0f", 1},
                        {"⌚\ufe0e", 1},
                        {"🇨🇳", 2}}) {
    CAPTURE(c.text);
    CHECK(cluster_at(c.text, 0).fewest == c.fewest);
  }
}

TEST_CASE("what its reader takes for one character is one cluster, with the most columns that a terminal takes") {
  struct Case {
    std::string text;
    int columns;
    bool wide;
  };
  for (const Case& c : {Case{"a", 1, false},
                        {"é", 1, false},
                        {"e\u0301\u0323", 1, false},
                        {"一", 2, true},
                        {"\u1112\u1161\u11ab", 2, true},
                        {"\u0915\u093f", 2, false},
                        {"❤", 1, false},
                        {"❤\ufe0f", 2, true},
                        {"1\ufe0f\u20e3", 2, true},
                        {"#\ufe0f\u20e3", 2, true},
                        {"a\ufe0f", 1, false},
                        {"🇨🇳", 2, true},
                        {"👍🏽", 4, true},
                        {"👨‍👩‍👧", 6, true},
                        {"🏳\ufe0f\u200d🌈", 3, true},
                        {"\xff", 1, false}}) {
    CAPTURE(c.text);
    for (const std::string behind : {"", "x", "一", "👍", "\xff", " "}) {
      const std::string text = "一" + c.text + behind;
      const Cluster cluster = cluster_at(text, 3);
      CHECK(cluster.length == c.text.size());
      CHECK(cluster.columns == c.columns);
      CHECK(cluster.wide == c.wide);
    }
  }
}

TEST_CASE("two flags that stand together are two") {
  const std::string text = "🇨🇳🇩🇪🇫";
  CHECK(cluster_at(text, 0).length == 8);
  CHECK(cluster_at(text, 8).length == 8);
  CHECK(cluster_at(text, 16).length == 4);
  CHECK(columns_of_line("一🇨🇳x") == 5);
}

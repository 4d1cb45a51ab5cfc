#include "client/config.h"

#include <doctest/doctest.h>

#include "tests/support/files.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

struct Written {
  TemporaryFolder folder;
  ScopedVariable home{"HOME", "/home/wang"};

  Config config(const std::string& text) const {
    write_file(folder.path("config"), text);
    return Config(folder.path("config"));
  }

  /// Without the path that each begins with.
  std::vector<std::string> faults(const std::string& text) const {
    std::vector<std::string> faults = config(text).faults();
    for (std::string& fault : faults) {
      REQUIRE(fault.starts_with(folder.path("config") + ", line "));
      fault.erase(0, folder.path("config, line ").size());
    }
    return faults;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Written, "the configuration gives names to diaries of servers and of this machine") {
  const Config config = this->config(
      "\xef\xbb\xbf# diaries\n"
      "[default]\nstart = -50 ; the last fifty\n\n"
      "[work]\nserver = diary.example.org:5000\nkey=~/keys/work\ngreeting = off\n"
      "[日记]\r\ndiary = ~/日记.log\r\nstart=上周 -#工作\r\n");
  CHECK(config.faults().empty());
  CHECK(config.names() == std::vector<std::string>{"work", "日记"});
  REQUIRE(config.find("default"));
  CHECK(config.find("default")->start == "-50");
  CHECK_FALSE(config.find("default")->server);
  REQUIRE(config.find("work"));
  CHECK(config.find("work")->server == "diary.example.org:5000");
  CHECK(config.find("work")->key == "/home/wang/keys/work");
  CHECK(config.find("work")->greeting == "off");
  REQUIRE(config.find("日记"));
  CHECK(config.find("日记")->diary == "/home/wang/日记.log");
  CHECK(config.find("日记")->start == "上周 -#工作");
  CHECK(config.find("other") == nullptr);
}

TEST_CASE_FIXTURE(Written, "without a file, a path or a line nothing is configured") {
  for (const Config& config : {Config(folder.path("missing")), Config(""), this->config("")}) {
    CHECK(config.faults().empty());
    CHECK(config.names().empty());
    CHECK(config.find("default") == nullptr);
  }
}

TEST_CASE_FIXTURE(Written, "each wrong line is named with its number, and costs nothing else") {
  CHECK(faults("server = a:1\n[work]\nsevrer = a:1\nserver = a:2\nnonsense\ngreeting = maybe\n[half\n") ==
        std::vector<std::string>{"1: a line before the first [NAME]",
                                 "3: 'sevrer' is none of server, diary, key, start and greeting",
                                 "5: neither [NAME] nor KEY = VALUE", "6: 'maybe' is neither on nor off",
                                 "7: neither [NAME] nor KEY = VALUE"});
  const Config config = this->config("nonsense\n[work]\nsevrer = a:1\nserver = a:2\n");
  REQUIRE(config.find("work"));
  CHECK(config.find("work")->server == "a:2");
}

TEST_CASE_FIXTURE(Written, "what can't be meant is refused") {
  CHECK(faults("[a]\nserver = nowhere\n").front().starts_with("2: "));
  CHECK(faults("[a]\ndiary = log\n") == std::vector<std::string>{"2: 'log' is no path that begins with / or ~/"});
  CHECK(faults("[a]\nserver = b:1\ndiary = /log\n") ==
        std::vector<std::string>{"3: a diary has either a server or a file"});
  CHECK(faults("[a]\nstart = -1\nstart = -2\n") == std::vector<std::string>{"3: 'start' stands in line 2 already"});
  CHECK(faults("[a]\nstart = -1\n[b]\nstart = -1\n[a]\nkey = /k\n") ==
        std::vector<std::string>{"6: [a] stands here a second time"});
  CHECK(faults("[a/b]\nstart = -1\n").front().starts_with("2: [a/b] can't be a name"));
  CHECK(faults("[a]\nstart = \x1b[31m\n").empty());
}

TEST_CASE_FIXTURE(Written, "a line that is too long is named once, and the next ones count") {
  const std::string begin = "[a]\nstart = ";
  CHECK(faults(begin + std::string(Config::longest_line - 8, 'x') + "\n").empty());
  const std::string text = begin + std::string(3 * Config::longest_line, 'x') + "\nkey = /k\n";
  CHECK(faults(text).front() == "2: longer than 198 bytes");
  REQUIRE(config(text).find("a"));
  CHECK(config(text).find("a")->key == "/k");
}

// What the usage texts, the man pages and the two READMEs say must agree with the programs and with each other. The
// documents are read from the working folder, which `make test` leaves at the top of the repository.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "client/line.h"
#include "client/prompt/completion.h"
#include "common/diary/entry.h"
#include "common/net/message.h"
#include "tests/support/words.h"

using namespace md2;
using namespace md2::test;

namespace {

/// `-h` and `--help`; not `--` alone, and not `-10`, which is a query.
Words options_in(const std::string& text) {
  return all(text, "(?:^|[^\\w-])(--?[a-z][a-z-]*)");
}

/// In mdoc `Fl s` is -s and `Fl -server` is --server.
Words options_of_page(const std::string& page) {
  Words options;
  for (const std::string& name : all(page, "\\bFl (-?[a-z][a-z-]*)")) options.insert("-" + name);
  return options;
}

/// As a reader would type them, `make` without any target left out.
Words make_targets_in(const std::string& text) {
  return all(text, "\\bmake ([a-z]+)");
}

/// The word that begins the header line of each verb, asked of the code that writes it.
Words verbs() {
  Words words;
  for (int number = 0; number <= static_cast<int>(Verb::error); ++number) {
    const auto verb = static_cast<Verb>(number);
    if (verb == Verb::greeting) continue;  // it is no word
    std::string header;
    append_message(header, verb);
    words.insert(header.substr(0, header.find_first_of(" \n")));
  }
  return words;
}

}  // namespace

TEST_CASE("every option of a program is in its man page, and the page has no other") {
  for (const std::string program : {"md2client", "md2server"}) {
    CAPTURE(program);
    const Words of_usage = options_in(usage(program));
    CHECK(of_usage.size() > 4);
    for (const std::string folder : {"man/", "man/zh_CN/"}) {
      CAPTURE(folder);
      CHECK(printed(of_usage) == printed(options_of_page(document(folder + program + ".1"))));
    }
  }
}

TEST_CASE("every command of the client is in its man page: on the command line and at the prompt") {
  const Words commands = commands_in(usage("md2client"));
  CHECK(commands.size() == 10);
  const auto lines = completions("", "", {}, {}, false);
  CHECK_FALSE(lines.empty());
  for (const std::string path : {"man/md2client.1", "man/zh_CN/md2client.1"}) {
    CAPTURE(path);
    const std::string page = document(path);
    for (const std::string& command : commands) {
      CAPTURE(command);
      CHECK(page.find("\n.It Cm " + command) != std::string::npos);
    }
    for (const std::string& line : lines) {
      CAPTURE(line);
      CHECK((page.find("Ic " + line) != std::string::npos || page.find("Ic \\&" + line) != std::string::npos));
    }
  }
}

TEST_CASE("every word behind the sign of a question is in the manual, and each README has those of its language") {
  const auto is_ascii = [](const std::string& word) { return static_cast<unsigned char>(word.front()) < 0x80; };
  const auto names = [](const std::string& path, const std::string& word) {
    CAPTURE(path);
    CAPTURE(word);
    CHECK(document(path).find('/' + word) != std::string::npos);
  };
  for (const QuestionWord& one : question_words()) {
    const std::string word(one.word);
    names("man/md2client.1", word);
    names("man/zh_CN/md2client.1", word);
    names(is_ascii(word) ? "README.md" : "README.zh-CN.md", word);
  }
}

TEST_CASE("every function that the walks through the house name is one of its class") {
  std::vector<std::string> sources;
  for (const std::string folder : {"client", "server", "common"}) {
    for (const auto& item : std::filesystem::recursive_directory_iterator(folder)) {
      const auto extension = item.path().extension();
      if (extension == ".cc" || extension == ".h") sources.push_back(document(item.path()));
    }
  }
  const std::string text = document("CONTRIBUTING.md");
  const std::size_t begin = text.find("\n## The house");
  const Words functions = all(text.substr(begin, text.find("\n## ", begin + 1) - begin), "`([A-Z][A-Za-z]+::[a-z_]+)`");
  CHECK(functions.size() > 40);
  for (const std::string& function : functions) {
    CAPTURE(function);
    const std::size_t colons = function.find(':');
    const std::string owner = "class " + function.substr(0, colons) + " {";
    const std::string inside = ' ' + function.substr(colons + 2) + '(';
    CHECK(std::ranges::any_of(sources, [&](const std::string& source) {
      const std::size_t declared = source.find(owner);
      return source.find(' ' + function + '(') != source.npos ||
             (declared != source.npos && source.find(inside, declared) != source.npos);
    }));
  }
}

TEST_CASE("each folder includes only those that stand above it, and client and server never each other") {
  const std::vector<std::vector<std::string>> columns{
      {"common/os/", "common/text/", "common/diary/", "common/net/"},
      {"server/diary/", "server/"},
      {"client/outbox/", "client/terminal/", "client/page/", "client/html/", "client/link/", "client/commands/",
       "client/import/", "client/prompt/"}};
  for (const auto& column : columns) {
    for (auto folder = column.begin(); folder != column.end(); ++folder) {
      CAPTURE(*folder);
      Words included;
      for (const auto& item : std::filesystem::directory_iterator(*folder)) {
        const auto extension = item.path().extension();
        if (extension == ".cc" || extension == ".h")
          included.merge(all(document(item.path()), "#include \"((?:client|server|common)/(?:[a-z]+/)?)"));
      }
      CHECK_FALSE(included.empty());
      for (const std::string& other : included) {
        CAPTURE(other);
        const bool above = std::find(column.begin(), std::next(folder), other) != std::next(folder);
        CHECK((above || other == "client/" ? other.starts_with(column.front().substr(0, 7))
                                           : other.starts_with("common/") && column != columns.front()));
      }
    }
  }
  for (const std::string name : {"client/line.cc", "client/line.h", "client/options.cc", "client/options.h"}) {
    CAPTURE(name);
    CHECK(all(document(name), "#include \"(client/[a-z]+/)").empty());
  }
}

TEST_CASE("the protocol's page has every verb and every limit, and no other verb") {
  const std::string page = document("man/md2.7");
  CHECK(printed(all(page, "\n\\.It Ic (?:\\\\&)?([a-z?]+)")) == printed(verbs()));
  for (const std::size_t limit : {max_header_line, max_query, max_encoded, max_announcement, max_piece}) {
    CAPTURE(limit);
    CHECK(all(page, "(\\b" + std::to_string(limit) + "\\b)").size() == 1);
  }
}

TEST_CASE("the READMEs name only options that there are") {
  Words known = options_in(usage("md2client"));
  known.merge(options_in(usage("md2server")));
  for (const std::string path : {"README.md", "README.zh-CN.md"}) {
    const std::regex of_systemctl("systemctl --user [a-z]+( --now)? ");
    for (const std::string& option : all(std::regex_replace(document(path), of_systemctl, ""), "(--[a-z][a-z-]*)")) {
      CAPTURE(path);
      CAPTURE(option);
      CHECK(known.contains(option));
    }
  }
}

TEST_CASE("both READMEs name the same commands of make and of the programs") {
  const std::string english = document("README.md");
  const std::string chinese = document("README.zh-CN.md");
  const Words targets = make_targets_in(chinese);
  CHECK(targets.contains("run"));
  CHECK(targets.contains("test"));
  CHECK(printed(make_targets_in(english)) == printed(targets));
  const std::string commands = "\\b(md2(?:client|server) (?:--)?[a-z][a-z-]*)";
  CHECK(printed(all(english, commands)) == printed(all(chinese, commands)));
}

TEST_CASE("the manual's grep finds the headers of a day, and no line of a text that looks like one") {
  const std::string page = document("man/md4logging.5");
  std::string command = *all(page, "\n\\.Dl \\$ (grep [^\n]*)\n").begin();
  for (std::size_t at = 0; (at = command.find("\\e", at)) != std::string::npos; ++at) command.replace(at, 2, "\\");
  REQUIRE(command.find("md4logging.log") != std::string::npos);
  const Sandbox sandbox;
  const std::string header = "[2015-10-28 21:26:03.417293+08:00] ";
  write_file(sandbox.path("md4logging.log"), encode({*parse_header(header), "one\n" + header + "two [2015-10-28 x"}) +
                                                 "[2015-10-29 21:26:03.417293+08:00] other\n\n");
  const Result result = run(sandbox, {"sh", "-c", "cd '" + sandbox.folder() + "' && " + command});
  CHECK(result.output == header + "one\n");
}

TEST_CASE("mandoc finds nothing to say about the man pages") {
  const Sandbox sandbox;
  REQUIRE_MESSAGE(run(sandbox, {"sh", "-c", "command -v mandoc"}).status == 0, "mandoc is not installed");
  for (const std::string folder : {"man/", "man/zh_CN/"}) {
    for (const std::string name : {"md2client.1", "md2server.1", "md4logging.5", "md2.7"}) {
      const std::string path = std::filesystem::absolute(folder + name);
      CAPTURE(path);
      const Result result = run(sandbox, {"mandoc", "-Tlint", "-W", "warning", path});
      CHECK(result.output + result.error == "");
      CHECK(result.status == 0);
    }
  }
}

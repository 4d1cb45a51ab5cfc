// The sources and the catalogues of common/locale agree. They are read from the working folder, which `make test`
// leaves at the top of the repository.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "common/text/cluster.h"
#include "common/text/lines.h"
#include "tests/e2e/literals.h"
#include "tests/support/files.h"
#include "tests/support/program.h"

using namespace md2;
using namespace md2::test;

namespace {

std::vector<std::string> files_below(const std::vector<std::string>& folders, const std::vector<std::string>& endings) {
  std::vector<std::string> files;
  for (const std::string& folder : folders) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      if (std::ranges::find(endings, file.path().extension().string()) != endings.end())
        files.push_back(std::filesystem::absolute(file.path()));
    }
  }
  std::ranges::sort(files);
  REQUIRE_MESSAGE(!files.empty(), "run the tests in the top folder of the repository");
  return files;
}

std::vector<std::string> sources() {
  return files_below({"client", "common", "server"}, {".cc", ".h"});
}

std::vector<std::string> catalogues() {
  return files_below({"common/locale"}, {".po"});
}

/// All messages of the sources, as `make po` finds them, at `path`.
void extract(const Sandbox& sandbox, const std::string& path) {
  Command command{"xgettext",  "--output=" + path, "--language=C++",       "--from-code=UTF-8",
                  "--keyword", "--keyword=tr:1",   "--keyword=tr_later:1", "--keyword=trn:2,3"};
  for (const std::string& source : sources()) command.push_back(source);
  const Result result = run(sandbox, command);
  REQUIRE_MESSAGE(result.status == 0, result.error);
}

struct Translated {
  std::string id, plural;
  std::vector<std::string> translations;
};

/// Of a catalogue that msgcat(1) has written without wrapping.
std::vector<Translated> messages_of(const Sandbox& sandbox, const std::string& catalogue) {
  const Result result = run(sandbox, {"msgcat", "--no-wrap", catalogue});
  REQUIRE(result.status == 0);
  std::vector<Translated> all;
  std::string* last = nullptr;
  const std::regex line(R"re((msgid|msgid_plural|msgstr(?:\[\d\])?)? ?"(.*)")re");
  std::istringstream lines(result.output);
  for (std::string text; std::getline(lines, text);) {
    std::smatch found;
    if (!std::regex_match(text, found, line)) continue;
    const std::string word = found[1];
    if (word == "msgid") last = &all.emplace_back().id;
    if (word == "msgid_plural") last = &all.back().plural;
    if (word.starts_with("msgstr")) last = &all.back().translations.emplace_back();
    REQUIRE(last != nullptr);
    *last += found[2];
  }
  all.erase(all.begin());  // the header
  return all;
}

/// What stands in the braces, by the number of its argument; `mixed` when some have a number and some none.
std::map<std::string, std::string> places_of(const std::string& text) {
  std::map<std::string, std::string> places;
  const std::regex place(R"(\{(\d*)(:[^{}]*)?\})");
  std::size_t unnumbered = 0;
  std::size_t all = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), place), end; at != end; ++at, ++all) {
    const bool has_number = (*at)[1].length() > 0;
    places[has_number ? std::string((*at)[1]) : std::to_string(unnumbered)] = (*at)[2];
    if (!has_number) ++unnumbered;
  }
  if (unnumbered > 0 && unnumbered < all) places["mixed"];
  return places;
}

std::string printed(const std::map<std::string, std::string>& places) {
  std::string text;
  for (const auto& [number, form] : places) text.append("{").append(number).append(form).append("}");
  return text;
}

}  // namespace

TEST_CASE("every message is translated, none is doubtful, and none is left of an earlier wording") {
  const Sandbox sandbox;
  extract(sandbox, sandbox.path("md2.pot"));
  for (const std::string& catalogue : catalogues()) {
    CAPTURE(catalogue);
    const Result compared = run(sandbox, {"msgcmp", catalogue, sandbox.path("md2.pot")});
    CHECK_MESSAGE(compared.status == 0, "`make po` brings the catalogue up to date: ", compared.error);
    const Result backwards = run(sandbox, {"msgcmp", "--use-untranslated", sandbox.path("md2.pot"), catalogue});
    CHECK_MESSAGE(backwards.status == 0, "no source has these: ", backwards.error);
    const Result obsolete = run(sandbox, {"msgattrib", "--only-obsolete", catalogue});
    CHECK(obsolete.output.empty());
  }
}

TEST_CASE("proof: a message that is missing, empty, fuzzy or too many is found") {
  const Sandbox sandbox;
  const std::string head = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n";
  const std::string one = "msgid \"one\"\nmsgstr \"eins\"\n\n";
  write_file(sandbox.path("md2.pot"), head + "msgid \"one\"\nmsgstr \"\"\n\nmsgid \"two\"\nmsgstr \"\"\n");
  for (const char* const two : {"", "msgid \"two\"\nmsgstr \"\"\n", "#, fuzzy\nmsgid \"two\"\nmsgstr \"zwei\"\n"}) {
    CAPTURE(two);
    write_file(sandbox.path("xx.po"), head + one + two);
    CHECK(run(sandbox, {"msgcmp", sandbox.path("xx.po"), sandbox.path("md2.pot")}).status != 0);
  }
  write_file(sandbox.path("xx.po"),
             head + one + "msgid \"two\"\nmsgstr \"zwei\"\n\nmsgid \"three\"\nmsgstr \"drei\"\n");
  CHECK(run(sandbox, {"msgcmp", sandbox.path("xx.po"), sandbox.path("md2.pot")}).status == 0);
  CHECK(run(sandbox, {"msgcmp", "--use-untranslated", sandbox.path("md2.pot"), sandbox.path("xx.po")}).status != 0);
}

TEST_CASE("a translation has the arguments of its message, each in its form") {
  const Sandbox sandbox;
  for (const std::string& catalogue : catalogues()) {
    for (const Translated& message : messages_of(sandbox, catalogue)) {
      CAPTURE(message.id);
      const std::string wanted = printed(places_of(message.plural.empty() ? message.id : message.plural));
      for (const std::string& translation : message.translations) CHECK(printed(places_of(translation)) == wanted);
    }
  }
  CHECK(printed(places_of("{} of {:04}")) == "{0}{1:04}");
  CHECK(printed(places_of("{1:04}, {0}")) == "{0}{1:04}");
  CHECK(printed(places_of("{1}, {}")) != "{0}{1}");
}

TEST_CASE("a Chinese message holds no English words in a row but those that its original quotes") {
  const Sandbox sandbox;
  const std::regex english("[A-Za-z']{2,} [a-z]{2,}( [A-Za-z]+)*");
  for (const Translated& message : messages_of(sandbox, std::filesystem::absolute("common/locale/zh_CN.po"))) {
    CAPTURE(message.id);
    for (const std::string& text : message.translations) {
      for (std::sregex_iterator at(text.begin(), text.end(), english), end; at != end; ++at) {
        CAPTURE(at->str());
        CHECK(message.id.find(at->str()) != std::string::npos);
      }
    }
  }
}

TEST_CASE("whatever reads like a sentence in a source is marked for translation") {
  // What programs read, or another program's own words.
  const std::vector<std::string> not_for_people{
      "command -v ",   "editor=${VISUAL",  "\\n[ -n ",       "eval \\",       "md2 channel",
      "md2 diary on ", "md2 identity",     "md2 ring",       "column ",       "cipher suites",
      "random bytes",  "being purged",     "formerly {}",    "diary {}\\n",   "md2server {}",
      "md2client {}",  "{}\\nidentity {}", "{}\\nfolder {}", "dddd-dd-dd",    "md2client --server=",
      "<script ",      "<meta ",           "<link ",         "md2client: {}", "md2server: {}",
  };
  for (const std::string& source : sources()) {
    for (const auto& literal : literals_of(read_file(source))) {
      if (literal.marked || !reads_like_a_sentence(literal.text)) continue;
      const bool known = std::ranges::any_of(
          not_for_people, [&](const std::string& words) { return literal.text.find(words) != std::string::npos; });
      CHECK_MESSAGE(known, source, ":", literal.line, ": tr(\"", literal.text, "\")?");
    }
  }
}

TEST_CASE("proof: a sentence that is not marked is found, and one that is marked is not") {
  const auto unmarked = [](const std::string& source) {
    std::string found;
    for (const auto& literal : literals_of(source)) {
      if (!literal.marked && reads_like_a_sentence(literal.text)) found += literal.text + '|';
    }
    return found;
  };
  CHECK(unmarked("throw Error(\"it is empty\");") == "it is empty|");
  CHECK(unmarked("return fmt::format(\"cannot open {}\", name);") == "cannot open {}|");
  CHECK(unmarked("a = b ? \"is gone\" : tr(\"is there\");") == "is gone|");
  CHECK(unmarked("throw Error(tr(\"it is empty\"));").empty());
  CHECK(unmarked("log(fmt::format(\"{}: {}\", a, md2::tr(\"it is \"\n  \"empty\")));").empty());
  CHECK(unmarked("constexpr const char* usage = tr_later(R\"(it is\nempty)\");").empty());
  CHECK(unmarked("// \"it is empty\"\n/* \"it is empty\" */ char c = '\"'; f(\"it is full\");") == "it is full|");
  CHECK(unmarked("n = 1'000; f(U'\"', \"it is full\");") == "it is full|");
  CHECK(unmarked("#include \"it is/a file.h\"\n").empty());
}

TEST_CASE("the usage fits into 80 columns in each language, and names the same options") {
  for (const std::string program : {"md2client", "md2server"}) {
    CAPTURE(program);
    Sandbox sandbox;
    std::vector<std::string> options;
    for (const std::string language : {"C.UTF-8", "zh_CN.UTF-8"}) {
      CAPTURE(language);
      sandbox.set("LANG", language);
      const Result result = run(sandbox, {binary(program), "--help"});
      REQUIRE(result.status == 0);
      CHECK((result.output.find("Usage:") == std::string::npos) == (language == "zh_CN.UTF-8"));
      for (const std::string_view line : Lines(result.output)) {
        CAPTURE(line);
        CHECK(columns_of_line(line) <= 80);
      }
      std::string named;
      const std::regex option("(^|[^A-Za-z-])(--?[a-z][a-z-]*)");
      std::set<std::string> names;
      for (std::sregex_iterator at(result.output.begin(), result.output.end(), option), end; at != end; ++at)
        names.insert((*at)[2]);
      for (const std::string& name : names) named += name + ' ';
      options.push_back(named);
    }
    CHECK(options[0] == options[1]);
  }
}

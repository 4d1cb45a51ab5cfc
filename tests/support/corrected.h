#pragma once

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <iterator>
#include <string>
#include <system_error>

#include "tests/support/files.h"
#include "tests/support/served_diary.h"

namespace md2::test {

/// A diary with one, two and three, whose writer has a shell script for an editor; $1 is the file. After each command
/// the file before is a prefix of the file behind.
class Corrected : public ServedDiary {
 public:
  Corrected() {
    for (const char* text : {"one", "two", "three"}) md2client({"write", text});
  }

  void editor(const std::string& script) {
    write_file(sandbox.path("an_editor"), "#!/bin/sh\ncd '" + sandbox.folder() + "'\n" + script + "\n");
    chmod(sandbox.path("an_editor").c_str(), 0700);
    sandbox.set("VISUAL", sandbox.path("an_editor"));
  }

  Result md2client(const Command& words, const std::string& input = "") {
    const std::string before = read_file(sandbox.diary());
    Result result = run(sandbox, client(words), input);
    CHECK(read_file(sandbox.diary()).starts_with(before));
    return result;
  }

  /// `edit` with these words and this script.
  Result edit(const std::string& script, Command words = {}) {
    editor(script);
    words.insert(words.begin(), "edit");
    return md2client(words);
  }

  /// As `read --json` has them: `TEXT`, `TEXT*` for one that was corrected.
  std::string seen(const Command& query = {}) const {
    Command words{"read", "--json"};
    words.insert(words.end(), query.begin(), query.end());
    const std::string lines = run(sandbox, client(words)).output;
    std::string texts;
    for (std::size_t at = 0, end = 0; (end = lines.find('\n', at)) != lines.npos; at = end + 1) {
      const std::string line = lines.substr(at, end - at);
      const std::size_t text = line.find("\"text\":\"") + 8;
      texts += line.substr(text, line.find("\",\"tags\"") - text);
      texts += line.find("\"corrected\":") == line.npos ? " " : "* ";
    }
    return texts;
  }

  /// What lies where the editor's files do.
  std::size_t files() const {
    std::error_code none;
    const std::filesystem::directory_iterator folder(sandbox.state() + "/editing", none);
    return none ? 0 : static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
  }
};

}  // namespace md2::test

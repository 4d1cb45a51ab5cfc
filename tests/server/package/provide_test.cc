// What a build does on a system that lacks something. The sources are read from the working folder, which `make test`
// leaves at the top of the repository.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/program.h"

using namespace md2::test;
namespace fs = std::filesystem;

namespace {

/// A system with what a shell needs, a compiler that finds some headers, and programs of the test's own.
struct System {
  System() {
    fs::create_directory(sandbox.path("bin"));
    for (const std::string name : {"sh", "sed", "awk", "cut", "tr", "sort", "grep", "cat", "touch", "mkdir"}) {
      const Result found = run(sandbox, {"sh", "-c", "command -v " + name});
      REQUIRE(found.status == 0);
      fs::create_symlink(found.output.substr(0, found.output.find('\n')), sandbox.path("bin/" + name));
    }
    // It compiles what asks for none of the headers in the list.
    program("c++",
            "case $1 in --version) exit;; -dumpversion) echo 14.0.6; exit;; esac\n"
            "asked=$(sed -n 's/.*<\\(.*\\)>.*/\\1/p')\n! grep -qxF \"$asked\" \"$HOME/lacking\"");
    program("id", "echo 1000");
    program("msgfmt", "");
  }

  void program(const std::string& name, const std::string& text) {
    const std::string path = sandbox.path("bin/" + name);
    write_file(path, "#!/bin/sh\n" + text + "\n");
    fs::permissions(path, fs::perms::owner_all);
  }

  void lack(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += name + "\n";
    write_file(sandbox.path("home/lacking"), text);
  }

  Result provide(const std::string& group) const {
    return run(sandbox, {"env", "PATH=" + sandbox.path("bin"), sandbox.path("bin/sh"),
                         fs::absolute("server/package/provide"), group, sandbox.path("stamp")});
  }

  bool is_known() const { return fs::exists(sandbox.path("stamp")); }

  Sandbox sandbox;
};

/// The words of each row of server/package/needed that is of the group.
std::vector<std::vector<std::string>> needed(const std::string& group) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream table(read_file("server/package/needed"));
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    std::vector<std::string> row;
    for (std::string word; words >> word;) row.push_back(word);
    if (!row.empty() && row[0] == group) rows.push_back(row);
  }
  return rows;
}

}  // namespace

TEST_CASE("a build that has what it needs asks nobody, and not twice") {
  System system;
  system.lack({});
  system.program("apt-get", "echo asked >&2; exit 1");
  const Result result = system.provide("programs");
  CHECK(result.status == 0);
  CHECK(result.output + result.error == "");
  CHECK(system.is_known());
}

TEST_CASE("where there is no apt-get, one line says what is missing, for what, and how this system calls it") {
  struct Case {
    const char* manager;
    const char* said;
  };
  for (const Case& one : {
           Case{"dnf",
                "readline-devel for the prompt, utf8proc-devel for characters: dnf install readline-devel "
                "utf8proc-devel"},
           Case{"pacman", "readline for the prompt, libutf8proc for characters: pacman -S readline libutf8proc"},
           Case{"apk", "readline-dev for the prompt, utf8proc-dev for characters: apk add readline-dev utf8proc-dev"},
           Case{"brew", "readline for the prompt, utf8proc for characters: brew install readline utf8proc"},
           Case{"none", "libreadline-dev for the prompt, libutf8proc-dev for characters, as Debian calls them"},
       }) {
    CAPTURE(one.manager);
    System system;
    system.lack({"readline/readline.h", "utf8proc.h"});
    system.program(one.manager, "echo asked; exit 1");
    const Result result = system.provide("programs");
    CHECK(result.error == std::string("md2 needs ") + one.said + "\n");
    CHECK(result.output == "");
    CHECK(result.status == 1);
    CHECK_FALSE(system.is_known());
  }
}

TEST_CASE("what has no package in a system is named as Debian calls it, and what is called the same once") {
  System system;
  system.lack({});
  system.program("dnf", "");
  CHECK(system.provide("lint").error ==
        "md2 needs clang-tools-extra for layout, clang-tools-extra for lint, mandoc for the man pages: dnf install "
        "clang-tools-extra mandoc\n");
  CHECK(system.provide("bench").error.find("jrnl (as Debian calls it) for what others do: dnf install redis") !=
        std::string::npos);
}

TEST_CASE("apt-get gets what is missing, and only what it knows; who may not use it is told what to install") {
  System system;
  system.lack({"fmt/format.h", "ini.h"});
  system.program("apt-cache", "[ \"$2\" != libinih-dev ]");
  system.program("apt-get", "echo \"$@\"; [ $1 = update ] || echo ini.h >\"$HOME/lacking\"");
  const std::string line =
      "md2 needs libfmt-dev for text, libinih-dev for the configuration: apt-get install libfmt-dev libinih-dev\n";
  CHECK(system.provide("programs").error == line);  // a user, and no sudo

  system.program("id", "echo 0");
  const Result result = system.provide("programs");
  CHECK(result.output ==
        "installing libfmt-dev libinih-dev \nupdate -q\ninstall -q -y --no-install-recommends libfmt-dev\n");
  CHECK(result.error == "md2 needs libinih-dev for the configuration: apt-get install libinih-dev\n");
  CHECK(result.status == 1);

  system.lack({"fmt/format.h"});
  system.program("apt-get", "[ $1 = update ] || : >\"$HOME/lacking\"");
  CHECK(system.provide("programs").status == 0);
  CHECK(system.is_known());
}

TEST_CASE("tests go on without a program that some of them run, but not without what they are compiled with") {
  System system;
  system.program("pacman", "");
  system.lack({});
  CHECK(system.provide("tests").error.find("strace for faults in system calls") != std::string::npos);
  CHECK(system.provide("tests").status == 0);
  CHECK_FALSE(system.is_known());
  system.lack({"vterm.h"});
  CHECK(system.provide("tests").status == 1);
}

TEST_CASE("who builds and runs the programs is asked for nothing that only tests need") {
  const Sandbox sandbox;
  const std::string top = std::filesystem::current_path();
  const auto asked = [&](const std::string& target) {
    const Result made = run(sandbox, {"make", "-n", "-C", top, "B=" + sandbox.path("b"), target});
    CHECK(made.status == 0);
    CHECK(made.output.find("server/package/provide programs") != std::string::npos);
    return made.output.find("server/package/provide tests") != std::string::npos;
  };
  CHECK_FALSE(asked("all"));
  CHECK_FALSE(asked("run"));
  CHECK(asked("test"));
}

TEST_CASE("without a compiler it is the compiler that is named") {
  System system;
  fs::remove(system.sandbox.path("bin/c++"));
  const Result result = system.provide("programs");
  CHECK(result.error == "md2 needs a compiler: 'c++' does not run; g++ 12 or newer, or clang++\n");
  CHECK(result.status == 1);
}

TEST_CASE("the READMEs and Debian's control file name what the programs need, as the build does") {
  const auto rows = needed("programs");
  REQUIRE(rows.size() > 5);
  const std::string control = read_file("server/package/debian/control");
  const std::size_t begin = control.find("Build-Depends:");
  const std::string depends = control.substr(begin, control.find("\n\n", begin) - begin);
  CHECK(std::count(depends.begin(), depends.end(), ',') == static_cast<std::ptrdiff_t>(rows.size()) + 1);  // debhelper
  for (const auto& row : rows) {
    CAPTURE(row[2]);
    CHECK(depends.find("\n " + row[2] + ",") != std::string::npos);
    std::string line = "|";
    for (std::size_t column = 2; column < 7; ++column) line += " " + (row[column] == "=" ? row[2] : row[column]) + " |";
    for (const std::string readme : {"README.md", "README.zh-CN.md"}) {
      CAPTURE(readme);
      CHECK(read_file(readme).find(line) != std::string::npos);
    }
  }
}

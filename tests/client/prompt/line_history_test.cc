#include "client/prompt/line_history.h"

#include <doctest/doctest.h>
#include <stdio.h>  // readline's headers need FILE
#include <sys/stat.h>
#include <sys/wait.h>

#include <readline/history.h>

#include <vector>

#include "tests/support/child.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

using TextLines = std::vector<std::string>;

TextLines in_list() {
  TextLines lines;
  for (int i = 0; i < history_length; ++i) lines.emplace_back(history_get(history_base + i)->line);
  return lines;
}

/// What the next run finds.
TextLines in_file(const std::string& path) {
  LineHistory history(path);
  CHECK(history.take_fault().empty());
  return in_list();
}

}  // namespace

TEST_CASE("lines come back in the next run, those with newlines whole") {
  const TemporaryFolder folder;
  const std::string path = folder.path("state/md2/history");
  const TextLines typed = {"one",
                           "两行\n的\n\n一条",
                           "#2024 is no time",
                           "\ttab  ",
                           "1700000000",
                           "ends in one\n",
                           "\0361700000000\n\x1e\x1e\nx\x1e",
                           "quit"};
  {
    LineHistory history(path);
    for (const std::string& line : typed) history.add(line);
    CHECK(history.take_fault().empty());
    CHECK(in_list() == typed);
  }
  CHECK(in_file(path) == typed);
}

TEST_CASE("only the user can read the line history") {
  const TemporaryFolder folder;
  const std::string path = folder.path("history");
  write_file(path, "");
  chmod(path.c_str(), 0644);
  LineHistory history(path);
  history.add("secret");
  struct stat status = {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("blank lines and the same line twice in a row are left out") {
  const TemporaryFolder folder;
  const std::string path = folder.path("history");
  {
    LineHistory history(path);
    for (const char* line : {"a", "a", "", "  ", " \n\t", "a", "b", "a"}) history.add(line);
  }
  CHECK(in_file(path) == TextLines{"a", "b", "a"});
  {
    LineHistory history(path);
    history.add("a");
  }
  CHECK(in_file(path) == TextLines{"a", "b", "a"});
}

TEST_CASE("clients that run at the same time keep each other's lines") {
  const TemporaryFolder folder;
  const std::string path = folder.path("history");
  LineHistory ours(path);
  ours.add("ours, first");
  CHECK(in_child([&] {
          LineHistory theirs(path);
          theirs.add("theirs");
          return theirs.take_fault().empty() ? 0 : 1;
        }) == 0);
  ours.add("ours, last");
  CHECK(in_list() == TextLines{"ours, first", "ours, last"});
  CHECK(in_file(path) == TextLines{"ours, first", "theirs", "ours, last"});
}

TEST_CASE("lines of many clients at once all arrive whole") {
  const TemporaryFolder folder;
  const std::string path = folder.path("history");
  constexpr int clients = 4;
  constexpr int lines = 50;
  const auto write_at_once = [&] {
    std::vector<pid_t> children;
    children.reserve(clients);
    for (int client = 0; client < clients; ++client) {
      children.push_back(start_child([&, client] {
        LineHistory history(path);
        for (int i = 0; i < lines; ++i) history.add(std::to_string(client) + "\n" + std::to_string(i));
        return history.take_fault().empty() ? 0 : 1;
      }));
    }
    int failed = 0;
    for (const pid_t child : children) {
      int status = 0;
      failed += waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
    }
    return failed;
  };
  CHECK(in_child(write_at_once) == 0);
  const TextLines all = in_file(path);
  CHECK(all.size() == clients * lines);
  for (int client = 0; client < clients; ++client) {
    int next = 0;
    for (const std::string& line : all) {
      if (line == std::to_string(client) + "\n" + std::to_string(next)) ++next;
    }
    CAPTURE(client);
    CHECK(next == lines);
  }
}

TEST_CASE("a file well over the limit is shortened to the newest lines") {
  const TemporaryFolder folder;
  const std::string path = folder.path("history");
  std::string text;
  constexpr std::size_t written = LineHistory::max_lines + LineHistory::max_lines / 10 + 1;
  for (std::size_t i = 0; i < written; ++i)
    text +=
        "\x1e"
        "1700000000\nline\n" +
        std::to_string(i) + "\n";
  write_file(path, text);
  const TextLines kept = in_file(path);
  REQUIRE(kept.size() == LineHistory::max_lines);
  CHECK(kept.front() == "line\n" + std::to_string(written - LineHistory::max_lines));
  CHECK(kept.back() == "line\n" + std::to_string(written - 1));
  CHECK(read_file(path).size() < text.size());
  CHECK(in_file(path) == kept);
}

TEST_CASE("long lines count by their bytes") {
  const TemporaryFolder folder;
  const std::string path = folder.path("history");
  const std::string mebibyte(std::size_t{1} << 20, 'x');
  {
    LineHistory history(path);
    for (int i = 0; i < 20; ++i) history.add(mebibyte + std::to_string(i));
  }
  const TextLines kept = in_file(path);
  CHECK(kept.size() == 15);
  CHECK(kept.back() == mebibyte + "19");
  CHECK(read_file(path).size() < LineHistory::max_bytes);
}

TEST_CASE("a line that was cut by a crash does not swallow the next one") {
  const TemporaryFolder folder;
  const std::string path = folder.path("history");
  write_file(path,
             "\x1e"
             "1700000000\nwhole\n\x1e"
             "1700000001\ncu");
  LineHistory(path).add("next");
  CHECK(in_file(path) == TextLines{"whole", "cu", "next"});
}

TEST_CASE("whatever stands in the file is read without harm") {
  const TemporaryFolder folder;
  const std::string path = folder.path("history");
  using namespace std::string_literals;
  for (const std::string& contents : {"no record\n"s, "\x1e"s,
                                      "\x1e"
                                      "1"s,
                                      "\x1e"
                                      "1\n"s,
                                      "\n\n\n"s,
                                      "\x1e"
                                      "1\n\x1e"
                                      "2\n\n"s,
                                      "\0\0\x1e"
                                      "1\n\0\n"s}) {
    CAPTURE(contents);
    write_file(path, contents);
    LineHistory(path).add("next");
    const TextLines lines = in_file(path);
    REQUIRE(!lines.empty());
    CHECK(lines.back() == "next");
  }
}

TEST_CASE("a line history that can't be kept is told once, and the lines are still there in this run") {
  const TemporaryFolder folder;
  write_file(folder.path("file"), "");
  LineHistory history(folder.path("file/history"));
  CHECK(history.take_fault().find(folder.path("file")) != std::string::npos);
  history.add("one");
  history.add("two");
  CHECK(in_list() == TextLines{"one", "two"});
}

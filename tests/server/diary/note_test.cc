#include "server/diary/note.h"

#include <doctest/doctest.h>

#include <string>

#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr const char* format = "md2 thing 1";

bool is_whole(const std::string& text) {
  NoteReader lines(text, format);
  return lines.take("word") == "value" && lines.take_number("number") == 7 && lines.take_path("path") == "/a" &&
         lines.at_end();
}

}  // namespace

TEST_CASE("a note is read line by line, and only when it is whole") {
  const std::string note = "md2 thing 1\nword value\nnumber 7\npath /a\nend\n";
  CHECK(is_whole(note));
  for (std::size_t size = 0; size < note.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(is_whole(note.substr(0, size)));
  }
  CHECK_FALSE(is_whole(note + "x"));
  CHECK_FALSE(is_whole("md2 other 1\n" + note.substr(note.find('\n') + 1)));
  CHECK_FALSE(is_whole("md2 thing 1\nword value\nnumber 7x\npath /a\nend\n"));
  CHECK_FALSE(is_whole("md2 thing 1\nword value\nnumber 7\npath /a\nmore\nend\n"));
  CHECK_FALSE(
      is_whole("md2 thing 1\nword value\nnumber 7\npath /a\n" + std::string(NoteReader::longest, 'x') + "\nend\n"));
}

TEST_CASE("a line is taken once, and only by its word") {
  NoteReader lines("md2 thing 1\none 1\ntwo 2\nend\n", format);
  CHECK_FALSE(lines.take("two"));
  CHECK_FALSE(lines.take("on"));
  CHECK(lines.take("one") == "1");
  CHECK_FALSE(lines.take("one"));
  CHECK_FALSE(lines.at_end());
  CHECK(lines.take("two") == "2");
  CHECK(lines.at_end());
  CHECK_FALSE(lines.take("end"));
}

TEST_CASE("any path is one line, and comes back as it was") {
  for (const std::string path : {"/家/日记.log", "/a b/100%/\n\t\x7f", "%", ""}) {
    CAPTURE(path);
    const std::string text = "md2 thing 1\npath " + escaped_path(path) + "\nend\n";
    NoteReader lines(text, format);
    CHECK(lines.take_path("path") == path);
    CHECK(lines.at_end());
  }
  for (const char* const damaged : {"%", "%4", "%zz", "a\tb"}) {
    CAPTURE(damaged);
    const std::string text = "md2 thing 1\npath " + std::string(damaged) + "\nend\n";
    CHECK_FALSE(NoteReader(text, format).take_path("path"));
  }
}

TEST_CASE("a note names the file that it is written to: no copy lies there, and none in another folder") {
  const TemporaryFolder folder;
  const std::string note = folder.path("note");
  std::uint64_t inode = 0;
  write_note(note, [&](std::uint64_t its) {
    inode = its;
    return std::string("text\n");
  });
  CHECK(read_file(note) == "text\n");
  CHECK(lies_there(note, inode, folder.path()));
  CHECK_FALSE(lies_there(note, inode, folder.path("other")));
  replace_by_hand(note, "text\n");
  CHECK_FALSE(lies_there(note, inode, folder.path()));
  CHECK_THROWS_AS(lies_there(folder.path("none"), inode, folder.path()), Error);
}

#include "client/terminal/editor_command.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/hush.h"
#include "tests/support/sandbox.h"
#include "tests/support/scoped_variable.h"

using namespace md2;
using namespace md2::test;

namespace {

/// A folder for temporary files, and a shell script in it that is the user's editor.
class Editor {
 public:
  explicit Editor(const std::string& script)
      : path_(sandbox_.path("an editor")),
        tmpdir_("TMPDIR", sandbox_.folder().c_str()),
        visual_("VISUAL", ("'" + path_ + "' --wait").c_str()) {
    write_file(path_, "#!/bin/sh\ncd '" + sandbox_.folder() + "'\nfile=$2\n" + script + "\n");
    chmod(path_.c_str(), 0700);
  }

  std::string file(const std::string& name) const { return read_file(sandbox_.path(name)); }

  /// Temporary files that were left.
  int left() const {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(sandbox_.folder()))
      count += entry.path().filename().string().starts_with("md2-") ? 1 : 0;
    return count;
  }

 private:
  Sandbox sandbox_;
  std::string path_;
  ScopedVariable tmpdir_;
  ScopedVariable visual_;
};

}  // namespace

TEST_CASE("the editor gets the line in a file that only the user can read, and gives it back") {
  const Editor editor("cat \"$file\" > seen; stat -c %a \"$file\" > mode; printf '一行\\n\\nlast\\n\\n' > \"$file\"");
  CHECK(edit_text("half a line\n另一行") == "一行\n\nlast\n");
  CHECK(editor.file("seen") == "half a line\n另一行");
  CHECK(editor.file("mode") == "600\n");
  CHECK(editor.left() == 0);
}

TEST_CASE("an editor that replaces the file is understood") {
  const Editor editor("echo new > other; mv other \"$file\"");
  CHECK(edit_text("old") == "new");
  CHECK(editor.left() == 0);
}

TEST_CASE("an editor that fails gives no text") {
  const Hush hush;  // the shell says why
  SUBCASE("with a status") {
    const Editor editor("echo changed > \"$file\"; exit 7");
    CHECK_THROWS_WITH_AS(edit_text("old"), "the editor failed with status 7", Error);
    CHECK(editor.left() == 0);
  }
  SUBCASE("by a signal") {
    const Editor editor("kill -KILL $$");
    CHECK_THROWS_WITH_AS(edit_text("old"), "the editor failed with status 137", Error);
    CHECK(editor.left() == 0);
  }
  SUBCASE("because it does not exist") {
    const ScopedVariable visual("VISUAL", "/nonexistent/editor");
    CHECK_THROWS_WITH_AS(edit_text("old"), "the editor failed with status 127", Error);
  }
  SUBCASE("having removed the file") {
    const Editor editor("rm \"$file\"");
    CHECK_THROWS_WITH_AS(edit_text("old"), doctest::Contains("No such file"), Error);
  }
}

TEST_CASE("a text that readline can't hold is not cut in silence") {
  SUBCASE("a NUL byte") {
    const Editor editor("printf 'a\\0b' > \"$file\"");
    CHECK_THROWS_WITH_AS(edit_text("old"), "the text holds a NUL byte", Error);
  }
  SUBCASE("a file without an end") {
    const Editor editor("truncate -s 1T \"$file\"");
    CHECK_THROWS_WITH_AS(edit_text("old"), "the text is longer than 16 MiB", Error);
  }
}

TEST_CASE("EDITOR is asked when VISUAL is empty") {
  const Editor editor("echo new > \"$file\"");
  const ScopedVariable other("EDITOR", "sh -c 'echo from EDITOR > \"$1\"' sh");
  const ScopedVariable visual("VISUAL", "");
  CHECK(edit_text("old") == "from EDITOR");
}

TEST_CASE("the editor can be interrupted, and this process is not") {
  const Editor editor("kill -INT $$; exit 0");
  CHECK_THROWS_WITH_AS(edit_text("old"), "the editor failed with status 130", Error);
}

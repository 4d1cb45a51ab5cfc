#include "client/terminal/editor_command.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/hush.h"
#include "tests/support/sandbox.h"
#include "tests/support/scoped_variable.h"

using namespace md2;
using namespace md2::test;

namespace {

/// A sandbox, and a shell script in it that is the user's editor.
class Editor {
 public:
  explicit Editor(const std::string& script)
      : path_(sandbox_.path("an editor")),
        tmpdir_("TMPDIR", sandbox_.path("tmp").c_str()),
        visual_("VISUAL", ("'" + path_ + "' --wait").c_str()) {
    std::filesystem::create_directory(sandbox_.path("tmp"));
    write_file(path_, "#!/bin/sh\ncd '" + sandbox_.folder() + "'\nfile=$2\n" + script + "\n");
    chmod(path_.c_str(), 0700);
  }

  std::string file(const std::string& name) const { return read_file(sandbox_.path(name)); }
  std::string folder() const { return sandbox_.path("state/editing"); }
  const std::string& path() const { return path_; }
  std::string temporary() const { return sandbox_.path("tmp"); }

  /// Has it edit, and expects the text.
  std::string text(std::string_view given) const {
    const Edited edited = edit_text(given, folder());
    CHECK(edited.said == "");
    return edited.text.value_or("nothing came back");
  }

  /// Has it edit, and expects none.
  Edited failure(std::string_view given) const {
    Edited edited = edit_text(given, folder());
    CHECK_FALSE(edited.text);
    return edited;
  }

  /// The files that were left.
  std::vector<std::string> left() const {
    std::vector<std::string> files;
    for (const std::string& where : {folder(), temporary()}) {
      if (!std::filesystem::exists(where)) continue;
      for (const auto& entry : std::filesystem::directory_iterator(where)) files.push_back(entry.path());
    }
    return files;
  }

 private:
  Sandbox sandbox_;
  std::string path_;
  ScopedVariable tmpdir_;
  ScopedVariable visual_;
};

}  // namespace

TEST_CASE("the editor gets the line in a file that only the user can find, and gives it back") {
  const Editor editor(
      "cat \"$file\" > seen; stat -c %a \"$file\" \"${file%/*}\" > mode; printf '一行\\n\\nlast\\n\\n' > \"$file\"");
  CHECK(editor.text("half a line\n另一行") == "一行\n\nlast\n");
  CHECK(editor.file("seen") == "half a line\n另一行");
  CHECK(editor.file("mode") == "600\n700\n");
  CHECK(editor.left().empty());
}

TEST_CASE("a folder that others may look into is closed before the editor gets a file there") {
  const Editor editor("stat -c %a \"${file%/*}\" > mode; echo new > \"$file\"");
  std::filesystem::create_directories(editor.folder());
  chmod(editor.folder().c_str(), 0755);
  CHECK(editor.text("old") == "new");
  CHECK(editor.file("mode") == "700\n");
}

TEST_CASE("where the folder can't be made, a private one in TMPDIR will do, and goes with the file") {
  const Editor editor("echo \"$file\" > path; stat -c %a \"${file%/*}\" > mode; echo new > \"$file\"");
  CHECK(edit_text("old", editor.path() + "/editing").text == "new");  // below a file there is no folder
  CHECK(editor.file("path").starts_with(editor.temporary() + "/md2-"));
  CHECK(editor.file("mode") == "700\n");
  CHECK(editor.left().empty());
}

TEST_CASE("an editor that replaces the file is understood") {
  const Editor editor("echo new > other; mv other \"$file\"");
  CHECK(editor.text("old") == "new");
  CHECK(editor.left().empty());
}

TEST_CASE("an editor that fails without having saved leaves nothing") {
  const Hush hush;  // the shell says why
  SUBCASE("with a status") {
    const Editor editor("exit 7");
    CHECK(editor.failure("old").said == "the editor failed with status 7");
    CHECK(editor.left().empty());
  }
  SUBCASE("by a signal") {
    const Editor editor("kill -KILL $$");
    CHECK(editor.failure("old").said == "the editor failed with status 137");
    CHECK(editor.left().empty());
  }
  SUBCASE("because it does not exist") {
    const Editor editor("");
    const ScopedVariable visual("VISUAL", "/nonexistent/editor");
    CHECK(editor.failure("old").said == "the editor failed with status 127");
    CHECK(editor.left().empty());
  }
  SUBCASE("having removed the file") {
    const Editor editor("rm \"$file\"");
    CHECK(editor.failure("old").said.find("No such file") != std::string::npos);
  }
}

TEST_CASE("what an editor saved before it failed or was hung up is given, stays in its file, and the file is named") {
  const Hush hush;
  for (const char* end : {"exit 7", "kill -KILL $$", "kill -HUP $$"}) {
    CAPTURE(end);
    const Editor editor(std::string("echo saved > \"$file\"; ") + end);
    const Edited edited = editor.failure("old");
    CHECK(edited.saved == "saved");
    REQUIRE(editor.left().size() == 1);
    CHECK(read_file(editor.left()[0]) == "saved\n");
    CHECK(edited.said.find("what it saved is in '" + editor.left()[0] + "'") != std::string::npos);
  }
}

TEST_CASE("an editor that comes back at once with nothing changed is asked about, and its file stays and is named") {
  const Editor editor("exit 0");
  const Edited edited = editor.failure("old");
  REQUIRE(editor.left().size() == 1);
  CHECK(edited.said ==
        "the editor came back at once with nothing changed: does it need --wait? What it saves later is in '" +
            editor.left()[0] + "'");
  CHECK(edited.saved == "");
}

TEST_CASE("a text that readline can't hold is not cut in silence: it stays in its file") {
  SUBCASE("a NUL byte") {
    const Editor editor("printf 'a\\0b' > \"$file\"");
    const Edited edited = editor.failure("old");
    REQUIRE(editor.left().size() == 1);
    CHECK(edited.said == "the text holds a NUL byte; it stays in '" + editor.left()[0] + "'");
  }
  SUBCASE("a file without an end") {
    const Editor editor("truncate -s 1T \"$file\"");
    const Edited edited = editor.failure("old");
    REQUIRE(editor.left().size() == 1);
    CHECK(edited.said == "the text is longer than 16 MiB; it stays in '" + editor.left()[0] + "'");
  }
}

TEST_CASE("EDITOR is asked when VISUAL is empty") {
  const Editor editor("echo new > \"$file\"");
  const ScopedVariable other("EDITOR", "sh -c 'echo from EDITOR > \"$1\"' sh");
  const ScopedVariable visual("VISUAL", "");
  CHECK(editor.text("old") == "from EDITOR");
}

TEST_CASE("without VISUAL and EDITOR the first editor is taken that there is") {
  const Editor editor("");
  const ScopedVariable visual("VISUAL", "");
  const ScopedVariable other("EDITOR", "");
  const std::string folder = editor.temporary() + "/bin";
  std::filesystem::create_directory(folder);
  const ScopedVariable path("PATH", (folder + ":/usr/bin:/bin").c_str());
  for (const std::string name : {"nano", "editor"}) {  // the second one comes first
    const std::string file = fmt::format("{}/{}", folder, name);
    write_file(file, fmt::format("#!/bin/sh\necho from {} >\"$1\"\n", name));
    chmod(file.c_str(), 0700);
    if (name == "editor" || access("/usr/bin/editor", X_OK) != 0)
      CHECK(editor.text("old") == fmt::format("from {}", name));
  }
}

TEST_CASE("the editor can be interrupted, and this process is not") {
  const Editor editor("kill -INT $$; exit 0");
  CHECK(editor.failure("old").said == "the editor failed with status 130");
}

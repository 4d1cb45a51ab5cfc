// The Makefile, as who packs md2 meets it: which version it finds, what it takes of the environment, where it writes,
// and what it installs. The sources are read from the working folder, which `make test` leaves at the top of the
// repository.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/support/deadline.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/skip.h"

using namespace md2::test;
namespace fs = std::filesystem;

namespace {

const std::string no_version = "00.00.00.0000";

/// A folder with what the Makefile wants of the sources to make something of common.
struct Tree {
  Tree(const Sandbox& in, const std::string& name) : sandbox(in), folder(in.path(name)) {
    for (const std::string part : {"Makefile", ".gitattributes", "common", "server/package", "man"}) {
      fs::create_directories(fs::path(folder + "/" + part).parent_path());
      fs::copy(part, folder + "/" + part, fs::copy_options::recursive);
    }
    fs::create_directories(folder + "/client");
    fs::create_directories(folder + "/tests");
  }

  Result run_make(const Command& arguments, const Command& before = {"env"}) const {
    Command command = before;
    command.insert(command.end(), {"make", "--no-print-directory", "-C", folder});
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run(sandbox, command);
  }

  std::string version(const Command& before = {"env"}) const {
    const Result result = run_make({"version"}, before);
    CHECK(result.status == 0);
    return result.output.substr(0, result.output.find('\n'));
  }

  /// A repository whose top is `top`, with all of it in one commit of that time.
  Result commit(const std::string& top, const std::string& time) const {
    const std::string script =
        "git init -q \"$1\"; cd \"$1\"; git add .; "
        "GIT_COMMITTER_DATE=$2 git -c user.name=a -c user.email=a@b commit -q -m one";
    return run(sandbox, {"sh", "-euc", script, "commit", top, time});
  }

  const Sandbox& sandbox;
  std::string folder;
};

/// A line for each file and folder below: its name, size and when it was written.
std::set<std::string> listing(const std::string& folder) {
  std::set<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto written = entry.last_write_time().time_since_epoch().count();
    const auto size = entry.is_regular_file() ? entry.file_size() : 0;
    lines.insert(entry.path().string() + " " + std::to_string(size) + " " + std::to_string(written));
  }
  return lines;
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_directory()) names.push_back(fs::relative(entry.path(), folder));
  }
  return names;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the version is that of the repository whose top this is, or a tarball's, and of none around it") {
  const Sandbox sandbox;
  if (run(sandbox, {"git", "--version"}).status != 0) return skip("git is not installed");
  const Tree tree(sandbox, "around/md2");
  write_file(tree.folder + "/common/os/committed", "$Format:%ct$\n");
  CHECK(tree.version() == no_version);
  REQUIRE(tree.commit(sandbox.path("around"), "2001-02-03T04:05:06Z").status == 0);
  CHECK(tree.version() == no_version);

  REQUIRE(tree.commit(tree.folder, "2015-10-28T21:26:03+08:00").status == 0);
  const std::string version = "15.10.28.1326";
  CHECK(tree.version() == version);
  const Command as_stranger{"env", "GIT_TEST_ASSUME_DIFFERENT_OWNER=1"};
  Command proof = as_stranger;
  proof.insert(proof.end(), {"git", "-C", tree.folder, "log"});
  CHECK(run(sandbox, proof).status != 0);
  CHECK(tree.version(as_stranger) == version);

  REQUIRE(tree.run_make({"dist"}).status == 0);
  const std::string tarball = tree.folder + "/build/md2-" + version + ".tar.gz";
  const std::string bytes = read_file(tarball);
  REQUIRE(run(sandbox, {"tar", "-C", sandbox.folder(), "-xf", tarball}).status == 0);
  Tree unpacked = tree;
  unpacked.folder = sandbox.path("md2-" + version);
  CHECK(unpacked.version() == version);
  fs::remove_all(tree.folder + "/build");
  REQUIRE(tree.run_make({"dist"}).status == 0);
  CHECK_MESSAGE(read_file(tarball) == bytes, "a tarball of a commit has the same bytes each time");
}

TEST_CASE("what the caller says to the compiler and the linker stands behind what the Makefile says") {
  const Sandbox sandbox;
  const Tree tree(sandbox, "md2");
  write_file(tree.folder + "/server/main.cc", "");
  const Command before{"env", "CPPFLAGS=-DMINE", "CXXFLAGS=-O1 -fno-stack-protector", "LDFLAGS=-Wl,-z,lazy"};
  const std::string said = tree.run_make({"-n", "V=1", "build/md2server"}, before).output;
  const std::string compiled = said.substr(0, said.find(" -c -o build/unit/common/os.o"));
  CHECK(compiled.ends_with("-D_FORTIFY_SOURCE=3 -DMINE -O1 -fno-stack-protector "));
  CHECK(has(compiled, " -fstack-protector-strong "));
  CHECK(has(said, "-Wl,-z,relro,-z,now -O1 -fno-stack-protector -Wl,-z,lazy -o build/md2server "));

  // A second definition would be a warning, and one without an optimiser as well.
  for (const std::string flags : {"CPPFLAGS=-D_FORTIFY_SOURCE=2", "CXXFLAGS=-O2 -O0", "CXXFLAGS=-g"}) {
    CAPTURE(flags);
    const Result other = tree.run_make({"-n", "V=1", "build/common/os/error.o"}, {"env", flags});
    CHECK(has(other.output, "-c -o build/common/os/error.o"));
    CHECK_FALSE(has(other.output, "_FORTIFY_SOURCE=3"));
  }
}

TEST_CASE("an object of other flags of the Makefile's is compiled anew; the caller's are his business") {
  const Sandbox sandbox;
  const Tree tree(sandbox, "md2");
  const std::string object = "build/common/os/error.o";
  REQUIRE(tree.run_make({object}).status == 0);
  const auto is_compiled = [&] {
    return has(tree.run_make({object}, {"env", "CXXFLAGS=-O1"}).output, "C++  " + object);
  };
  CHECK_FALSE(is_compiled());
  std::string makefile = read_file(tree.folder + "/Makefile");
  const std::size_t at = makefile.find("-fstack-protector-strong");
  REQUIRE(at != std::string::npos);
  write_file(tree.folder + "/Makefile", makefile.replace(at, 24, "-fstack-protector-all"));
  CHECK(is_compiled());
}

/// Without an optimiser, which takes most of the time and knows no folder; tests/systems/same compares whole builds.
TEST_CASE("two builds in two folders are equal bytes, and nothing is written where the sources are") {
  const Sandbox sandbox;
  const Tree here(sandbox, "here");
  const Tree there(sandbox, "and/there");
  write_file(here.folder + "/common/os/committed", "1445000000\n");
  write_file(there.folder + "/common/os/committed", "1445000000\n");
  const std::vector<std::string> products{"common/os/version.o", "unit/common/text.o",
                                          "locale/zh_CN/LC_MESSAGES/md2.mo"};
  const auto build = [&](const Tree& tree, const std::string& output) {
    Command targets{"B=" + output, output + "/compile_commands.json"};
    for (const std::string& product : products) targets.push_back(fs::path(output) / product);
    const Result result = tree.run_make(targets, {"env", "CXXFLAGS=-O0"});
    CHECK_MESSAGE(result.status == 0, result.error);
  };
  const auto before = listing(here.folder);
  build(here, sandbox.path("output"));
  CHECK(listing(here.folder) == before);
  build(there, "build");
  for (const std::string& product : products) {
    CAPTURE(product);
    const std::string bytes = read_file(sandbox.path("output/" + product));
    CHECK_FALSE(bytes.empty());
    CHECK(bytes == read_file(there.folder + "/build/" + product));
  }
}

TEST_CASE("what is built by default checks its stack, its buffers and its jumps, and is bound before it runs") {
  if (sanitized()) return skip("a sanitizer's build is none to install");
  const Sandbox sandbox;
  if (run(sandbox, {"readelf", "--version"}).status != 0) return skip("readelf is not installed");
  for (const std::string program : {"md2client", "md2server"}) {
    CAPTURE(program);
    const std::string about = run(sandbox, {"readelf", "--wide", "--file-header", "--dynamic", "--segments", "--notes",
                                            "--dyn-syms", binary(program)})
                                  .output;
    CHECK(has(about, "DYN (Position-Independent Executable file)"));
    CHECK(has(about, "GNU_RELRO"));
    CHECK(has(about, "BIND_NOW"));
    CHECK(has(about, "__stack_chk_fail"));
    CHECK(has(about, "_chk@GLIBC"));
  }
#ifdef __x86_64__
  // Of an object: the whole has it only where the C library's own start has it.
  const std::string object = fs::path(binary("md2server")).parent_path() / "server/main.o";
  CHECK(has(run(sandbox, {"readelf", "--notes", object}).output, "x86 feature: IBT, SHSTK"));
#endif
}

TEST_CASE("an install into a folder with a blank has all of it, without what only a debugger reads, and goes again") {
  const Sandbox sandbox;
  const std::string place = sandbox.path("a place");
  // -o all: what is installed is what is tested, as it is.
  const Command make{"make",
                     "-C",
                     fs::current_path(),
                     "-o",
                     "all",
                     "B=" + fs::path(binary("md2client")).parent_path().string(),
                     "DESTDIR=" + place,
                     "PREFIX=/usr"};
  const auto run_make = [&](const std::string& target) {
    Command command = make;
    command.push_back(target);
    return run(sandbox, command);
  };
  const Result installed = run_make("install");
  REQUIRE_MESSAGE(installed.status == 0, installed.error);
  const fs::path usr = place + "/usr";
  for (const std::string file : {"bin/md2client", "bin/md2server", "share/man/man1/md2client.1",
                                 "share/man/zh_CN/man7/md2.7", "share/locale/zh_CN/LC_MESSAGES/md2.mo"}) {
    CAPTURE(file);
    CHECK(fs::exists(usr / file));
  }
  for (const std::string program : {"md2client", "md2server"}) {
    CAPTURE(program);
    const std::string stripped = usr / "bin" / program;
    CHECK(fs::file_size(stripped) < fs::file_size(binary(program)));
    CHECK(run(sandbox, {stripped, "--version"}).status == 0);
  }
  for (const std::string& file : files_below(place)) {
    CAPTURE(file);
    if (file.starts_with("usr/bin/")) continue;
    CHECK_FALSE(has(read_file(fs::path(place) / file), "@bindir@"));
  }
  CHECK(run_make("uninstall").status == 0);
  CHECK(files_below(place).empty());
}

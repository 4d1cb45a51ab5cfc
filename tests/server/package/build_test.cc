// The Makefile, as who packs md2 meets it: which version it finds, what it takes of the environment, where it writes,
// and what it installs. The sources are read from the working folder, which `make test` leaves at the top of the
// repository.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/skip.h"

using namespace md2::test;
namespace fs = std::filesystem;

namespace {

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

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what the caller says to the compiler and the linker stands behind what the Makefile says") {
  const Sandbox sandbox;
  const Tree tree(sandbox, "md2");
  write_file(tree.folder + "/server/main.cc", "");
  const Command before{"env", "CPPFLAGS=-DMINE", "CXXFLAGS=-O1 -fno-stack-protector", "LDFLAGS=-Wl,-z,lazy"};
  const std::string said = tree.run_make({"-n", "V=1", "build/md2server"}, before).output;
  const std::string compiled = said.substr(0, said.find(" -c -o build/common/os/error.o"));
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

TEST_CASE("two builds in two folders are equal bytes, and nothing is written where the sources are") {
  const Sandbox sandbox;
  const Tree here(sandbox, "here");
  const Tree there(sandbox, "and/there");
  write_file(here.folder + "/common/os/committed", "1445000000\n");
  write_file(there.folder + "/common/os/committed", "1445000000\n");
  const std::vector<std::string> products{"common/os/version.o", "common/os/error.o",
                                          "locale/zh_CN/LC_MESSAGES/md2.mo"};
  const auto build = [&](const Tree& tree, const std::string& output) {
    Command targets{"B=" + output, output + "/compile_commands.json"};
    for (const std::string& product : products) targets.push_back(output + "/" + product);
    const Result result = tree.run_make(targets);
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
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return skip("a sanitizer's build is none to install");
#endif
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

// Tab in the shells: what client/completion offers is what the programs know, and each shell takes it so.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <regex>

#include "common/diary/day_set.h"
#include "tests/support/files.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"
#include "tests/support/skip.h"
#include "tests/support/words.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

const std::string folder = "client/completion/";

/// With both hyphens in bash and zsh; in fish `-l NAME` of a line that offers something.
Words long_options(const std::string& name) {
  const std::string text = document(folder + name);
  if (!name.ends_with(".fish")) return all(text, "(--[a-z][a-z-]*)");
  Words options;
  for (const std::string& option : all(text, "\ncomplete [^\n]*? -l ([a-z-]+)")) options.insert("--" + option);
  return options;
}

/// A user of a shell, who has the completions and the programs where that looks for them.
class Shell {
 public:
  Sandbox user;

  explicit Shell(const std::string& name) : name_(name) {
    fs::create_directory(bin_);
    for (const std::string program : {"md2client", "md2server"}) fs::create_symlink(binary(program), bin_ / program);
    const char* const path = std::getenv("PATH");
    user.set("PATH", bin_.string() + ':' + (path != nullptr ? path : "/usr/bin:/bin"));
    const std::string scripts = fs::absolute(folder);
    if (name == "bash") {
      put_script(user.path("data/bash-completion/completions"), "md2client.bash", "md2client");
      put_script(user.path("data/bash-completion/completions"), "md2server.bash", "md2server");
      write_file(user.path("home/.bashrc"), "PS1='$ '\n. /usr/share/bash-completion/bash_completion\n");
    } else if (name == "zsh") {
      write_file(user.path("home/.zshrc"),
                 fmt::format("PS1='$ '\nfpath=('{}' $fpath)\nautoload -Uz compinit\ncompinit -u -D\n", scripts));
    } else {
      put_script(user.path("config/fish/completions"), "md2client.fish", "md2client.fish");
      put_script(user.path("config/fish/completions"), "md2server.fish", "md2server.fish");
      write_file(user.path("config/fish/config.fish"),
                 "set -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n"
                 "function fish_prompt\n  printf '$ '\nend\n");
    }
  }

  bool installed() const {
    return run(user, {"sh", "-c", "command -v " + name_}).status == 0 &&
           (name_ != "bash" || fs::exists("/usr/share/bash-completion/bash_completion"));
  }

  Command command() const { return {name_, "-i"}; }

  void configure(const std::string& text) const {
    fs::create_directories(user.path("config/md2"));
    write_file(user.path("config/md2/config"), text);
  }

  /// A program that is found before others of its name.
  void put(const std::string& name, const std::string& text) const {
    fs::remove(bin_ / name);
    write_file(bin_ / name, text);
    fs::permissions(bin_ / name, fs::perms::owner_all);
  }

  /// Tags come, however slow the machine is.
  void give_time() const { put("timeout", "#!/bin/sh\nshift\nexec \"$@\"\n"); }

 private:
  static void put_script(const fs::path& where, const std::string& script, const std::string& name) {
    fs::create_directories(where);
    fs::create_symlink(fs::absolute(folder + script), where / name);
  }

  std::string name_;
  fs::path bin_ = user.path("bin");
};

/// What is typed is `line` in the end, to which an x was added behind the Tab.
void check_tab(Screen& screen, const std::string& typed, const std::string& line) {
  CAPTURE(typed);
  screen.type(typed + "\tx");
  CHECK_NOTHROW(screen.wait_for([&] { return screen.line() == "$ " + line + "x"; }, line));
  screen.control('u');
}

/// Has somebody use each shell that is installed.
void in_each_shell(const std::function<void(const Shell&)>& use) {
  for (const std::string name : {"bash", "zsh", "fish"}) {
    CAPTURE(name);
    const Shell shell(name);
    shell.installed() ? use(shell) : skip(name + " is not installed");
  }
}

}  // namespace

TEST_CASE("the completions offer every option of the programs, and no other") {
  for (const std::string program : {"md2client", "md2server"}) {
    const std::string options = printed(all(usage(program), "(?:^|[^\\w-])(--[a-z][a-z-]*)"));
    for (const std::string& name : {program + ".bash", "_" + program, program + ".fish"}) {
      CAPTURE(name);
      CHECK(printed(long_options(name)) == options);
    }
  }
}

TEST_CASE("the completions offer every command, format and name of days") {
  const std::string text = usage("md2client");
  Words words = commands_in(text);
  CHECK(words.size() == 10);
  const std::string formats = *all(text, "--from=FORMAT +([a-z, ]+) or ").begin();
  words.merge(all(formats + ", paragraphs", "([a-z]+)"));
  for (const DayName& day : day_names()) words.insert(std::string(day.name));
  CHECK(words.size() == 10 + 6 + day_names().size());
  for (const std::string name : {"md2client.bash", "_md2client", "md2client.fish"}) {
    const std::string offered = document(folder + name);
    for (const std::string& word : words) {
      CAPTURE(name);
      CAPTURE(word);
      CHECK(std::regex_search(offered, std::regex("(^|[\\s'(])" + word + "($|[\\s':)])")));
    }
  }
}

TEST_CASE("Tab in bash, zsh and fish: commands, options, days, names of diaries, files") {
  in_each_shell([&](const Shell& shell) {
    write_file(shell.user.path("journal.txt"), "");
    shell.configure("[default]\nstart = -50\n[work]\nserver = diary.example.org:5000\n");
    Screen screen(shell.user, shell.command());
    screen.wait_for_end({"$"}, 2);
    check_tab(screen, "md2client ann", "md2client announce ");
    check_tab(screen, "md2client --ver", "md2client --version ");
    check_tab(screen, "md2client -s wo", "md2client -s work ");
    check_tab(screen, "md2client --server=wo", "md2client --server=work ");
    check_tab(screen, "md2client -s work read --fol", "md2client -s work read --follow ");
    check_tab(screen, "md2client read on-t", "md2client read on-this-day ");
    check_tab(screen, "md2client read --all 那", "md2client read --all 那年今日 ");
    check_tab(screen, "md2client delete wed", "md2client delete wednesday ");
    check_tab(screen, "md2client write --at=前", "md2client write --at=前天 ");
    check_tab(screen, "md2client import --dr", "md2client import --dry-run ");
    check_tab(screen, "md2client import --from=js", "md2client import --from=json ");
    check_tab(screen, "md2client import jour", "md2client import journal.txt ");
    check_tab(screen, "md2server --until", "md2server --until-idle ");
    check_tab(screen, "md2server --log=jour", "md2server --log=journal.txt ");
  });
}

TEST_CASE("Tab behind a hash asks the diary that the line names for its tags") {
  ServedDiary diary;
  diary.write("a #工作 #日记");
  in_each_shell([&](const Shell& shell) {
    shell.give_time();
    shell.configure(fmt::format("[work]\nserver = {}\nkey = {}\n", diary.server.address_text(), diary.sandbox.keys()));
    fs::create_directories(shell.user.state());
    Screen screen(shell.user, shell.command());
    screen.wait_for_end({"$"}, 2);
    check_tab(screen, "md2client -s work read \\#日", "md2client -s work read \\#日记 ");
    check_tab(screen, "md2client --server=work tags '#工", "md2client --server=work tags '#工作' ");
  });
}

TEST_CASE("Tab makes no diary where there was none") {
  in_each_shell([&](const Shell& shell) {
    shell.give_time();
    Screen screen(shell.user, shell.command());
    screen.wait_for_end({"$"}, 2);
    check_tab(screen, "md2client read \\#", "md2client read \\#");
    CHECK_FALSE(fs::exists(shell.user.path("data/md2")));
  });
}

TEST_CASE("Tab waits for no tags that do not come at once") {
  in_each_shell([&](const Shell& shell) {
    shell.put("md2client", "#!/bin/sh\nexec sleep 1000\n");
    fs::create_directories(shell.user.state());
    Screen screen(shell.user, shell.command());
    screen.wait_for_end({"$"}, 2);
    check_tab(screen, "md2client read \\#", "md2client read \\#");
  });
}

// The owner saves the diary with the tools of every day, in whatever state the server is: what was saved is in the
// diary or beside it, and what he wrote stays where he put it.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/os/paths.h"
#include "common/text/lines.h"
#include "tests/fault/scene.h"
#include "tests/fault/sweep.h"
#include "tests/fault/writer.h"
#include "tests/support/skip.h"

using namespace md2;
using namespace md2::test;

namespace {

/// A line of the shell, which `$diary` and `$note` are given to: the file, and a line that the owner has not written
/// before. `read` is a copy of the diary that was made some entries ago. vim asks whether to save what the server has
/// written to meanwhile, and takes y as an answer.
struct Save {
  const char* name;
  const char* script;
  enum class Puts { at_end, at_top, nothing, instead } puts = Puts::at_end;
  const char* needs = nullptr;  ///< a program that not every system has
};

const Save saves[] = {
    {"printf >>", R"(printf '%s\n\n' "$note" >>"$diary")"},
    {"printf >>, without a newline at its end", R"(printf '%s' "$note" >>"$diary")"},
    {"cat >", R"({ cat read; printf '%s\n\n' "$note"; } >new; cat new >"$diary")"},
    {"cp", R"({ cat read; printf '%s\n\n' "$note"; } >new; cp new "$diary")"},
    {"cp --remove-destination, and cp where the server was quicker to make a new file",
     R"({ cat read; printf '%s\n\n' "$note"; } >new; cp --remove-destination new "$diary" || cp new "$diary")"},
    {"mv", R"({ cat read; printf '%s\n\n' "$note"; } >new; mv new "$diary")"},
    {"mv away, then a new file", R"(mv "$diary" "$diary~"; { cat read; printf '%s\n\n' "$note"; } >"$diary")"},
    {"a copy of another machine, with the time that it had there",
     R"({ cat read; printf '%s\n\n' "$note"; } >new; touch -d 2020-02-02 new; cp -p new "$diary.tmp"
        mv "$diary.tmp" "$diary")"},
    {"rsync", R"({ cat read; printf '%s\n\n' "$note"; } >new; touch -d 2020-02-02 new; rsync -t new "$diary")",
     Save::Puts::at_end, "rsync"},
    {"rsync --inplace",
     R"({ cat read; printf '%s\n\n' "$note"; } >new; touch -d 2020-02-02 new; rsync -t --inplace new "$diary")",
     Save::Puts::at_end, "rsync"},
    {"sed -i", R"(sed -i "1i $note\n" "$diary")", Save::Puts::at_top},
    {"sed, one entry, in place, as many bytes", R"(sed '0,/行/s//Zei/' "$diary" >new; cat new >"$diary")",
     Save::Puts::nothing},
    {"sed -i, every entry, as many bytes", R"(sed -i 's/行/Zei/' "$diary")", Save::Puts::nothing},
    {"sort -o", R"(printf '%s\n\n' "$note" >>"$diary"; LC_ALL=C sort -o "$diary" "$diary")"},
    {"vim, by rename",
     R"(echo y | vim -es -N -u NONE -c 'set backupcopy=no' -c "0put ='$note'" -c "1put =''" -c wq "$diary")",
     Save::Puts::at_top, "vim"},
    {"vim, in place",
     R"(echo y | vim -es -N -u NONE -c 'set backupcopy=yes' -c "0put ='$note'" -c "1put =''" -c wq "$diary")",
     Save::Puts::at_top, "vim"},
    {"truncate", R"(truncate -s -9 "$diary")", Save::Puts::nothing},
    {"truncate to nothing, then printf", R"(truncate -s 0 "$diary"; printf '%s\n\n' "$note" >>"$diary")",
     Save::Puts::instead},
};

bool installed(const Sandbox& sandbox, const std::string& program) {
  return run(sandbox, {"sh", "-c", "command -v " + program}).status == 0;
}

/// Each line as an item of its own, with the empty line behind it that sort(1) takes away: what it puts under an entry
/// is no part of that. Every entry here has one line.
std::string with_empty_lines(std::string_view diary) {
  std::string bytes;
  for (const std::string_view line : Lines(diary)) {
    if (line.empty()) continue;
    bytes += line;
    bytes += "\n\n";
  }
  return bytes;
}

/// He, his diary, and who writes to it meanwhile.
class Owner {
 public:
  explicit Owner(const Save& save) : save_(save) {
    make_folders(folder_of(scene.sandbox.diary()));
    scene.server.stop(SIGTERM);
    write_file(scene.sandbox.diary(), "从前\n\n");
    scene.server.start();
  }

  Scene scene;
  Writer writer{scene.ledger, "writer"};

  /// Writes so many entries, as far as there is a server.
  void write(int count) {
    for (int i = 0; i < count; ++i) writer.add(fmt::format("行 {}", ++written_));
    writer.deliver(scene.server);
  }

  void read() const { std::filesystem::copy_file(scene.sandbox.diary(), scene.sandbox.path("read"), overwrite); }

  enum class Times { new_ones, restored };

  /// `quiet`: nobody else changes the file, so that what it holds now stays as it is.
  void save(bool quiet, Times times = Times::new_ones) {
    const std::string note = fmt::format("von Hand {:02}.", ++saves_);
    const std::string script =
        times == Times::new_ones ? std::string(save_.script)
                                 : fmt::format(R"(touch -r "$diary" times; {}; touch -r times "$diary")", save_.script);
    const Result result =
        run(scene.sandbox, {"sh", "-c", "diary=$1; note=$2; " + script, "sh", scene.sandbox.diary(), note});
    INFO(result.error);
    CHECK(result.status == 0);
    if (save_.puts == Save::Puts::instead) notes_.clear();
    if (save_.puts == Save::Puts::at_top) notes_.insert(notes_.begin(), note);
    if (save_.puts == Save::Puts::at_end || save_.puts == Save::Puts::instead) notes_.push_back(note);
    saved_ = quiet ? scene.diary() : "";
  }

  /// After another server has started, which looks at all that the last one has left.
  void check() {
    CHECK(writer.done());
    CHECK(scene.server.stop(SIGTERM) == 0);
    scene.server.start();
    const std::string diary = scene.diary();
    const Verdict verdict = scene.ledger.check(with_empty_lines(diary), scene.outboxes(), aside(".missing."));
    INFO(verdict.details);
    INFO(scene.server.program().error());
    CHECK(verdict.lost == 0);
    CHECK(verdict.doubled == 0);
    check_his(diary);
    tally().add(verdict);
    ++tally().cuts;
  }

 private:
  static constexpr auto overwrite = std::filesystem::copy_options::overwrite_existing;

  /// All files beside the diary that have `word` in their names.
  std::string aside(std::string_view word) const {
    std::string bytes;
    for (const auto& file : std::filesystem::directory_iterator(folder_of(scene.sandbox.diary()))) {
      if (file.path().string().find(word) != std::string::npos) bytes += read_file(file.path());
    }
    return bytes;
  }

  void check_his(const std::string& diary) const {
    const std::string torn = aside(".torn.");
    std::size_t at = 0;
    for (const std::string& note : notes_) {
      CAPTURE(note);
      CHECK(torn.find(note) == std::string::npos);
      const std::size_t place = diary.find(note, at);
      CHECK(place != std::string::npos);
      at = std::min(place, diary.size());
    }
    // truncate(1) leaves half of an entry of md2's, which at a start may pass for a torn one.
    const bool cut = !saved_.empty() && !saved_.ends_with('\n') && save_.puts == Save::Puts::nothing;
    const std::size_t end = cut ? saved_.rfind("\n\n") + 2 : saved_.size();
    CHECK(diary.substr(0, end) == saved_.substr(0, end));
  }

  const Save& save_;
  int written_ = 0;
  int saves_ = 0;
  std::vector<std::string> notes_;  ///< that he has written, as they stand in the diary
  std::string saved_;
};

void at_an_idle_server(Owner& owner) {
  owner.read();
  owner.write(3);
  wait_until_idle(owner.scene.server.program().pid());
  owner.save(true);
  owner.write(1);
}

void right_behind_an_append_with_the_times_restored(Owner& owner) {
  owner.read();
  owner.write(3);
  owner.save(true, Owner::Times::restored);
  owner.write(1);
}

void while_clients_write(Owner& owner) {
  Scene& scene = owner.scene;
  owner.read();
  std::vector<Program> clients;
  clients.reserve(3);
  for (int i = 0; i < 3; ++i) clients.emplace_back(scene.sandbox, scene.client(), Program::Input::pipe);
  constexpr int lines = 20;
  for (int line = 0; line < lines; ++line) {
    if (line == lines / 2) owner.save(false);
    for (std::size_t i = 0; i < clients.size(); ++i) {
      const std::string name = fmt::format("client {}", i);
      scene.ledger.note(name, Scene::line(name, line), Ledger::State::offered);
      clients[i].write(Scene::line(name, line) + '\n');
    }
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    clients[i].close_input();
    CHECK(clients[i].wait() == 0);
    scene.note_end(fmt::format("client {}", i), lines, 0);
  }
}

void between_two_servers(Owner& owner) {
  owner.read();
  owner.write(3);
  CHECK(owner.scene.server.stop(SIGTERM) == 0);
  owner.save(true);
  owner.scene.server.start();
  owner.write(1);
}

/// `call`: before which the first server is killed.
void after_a_kill(Owner& owner, const char* call) {
  CHECK(owner.scene.server.stop(SIGTERM) == 0);
  owner.read();
  REQUIRE(owner.scene.start_injected(injected(call, 5, "signal=SIGKILL", {owner.scene.sandbox.diary()})));
  for (int i = 0; i < 8; ++i) owner.write(2);
  CHECK(owner.scene.server.stop(SIGTERM) == killed);
  ++tally().kills;
  owner.save(true);
  owner.scene.server.start();
  owner.write(1);
}

void after_a_kill_before_the_write(Owner& owner) {
  after_a_kill(owner, "write");
}

void after_a_kill_before_the_sync(Owner& owner) {
  after_a_kill(owner, "fdatasync");
}

struct Situation {
  const char* name;
  void (*live)(Owner& owner);
};

constexpr Situation situations[] = {
    {"at an idle server", at_an_idle_server},
    {"right behind an append, with the times restored", right_behind_an_append_with_the_times_restored},
    {"while clients write", while_clients_write},
    {"between two servers", between_two_servers},
    {"after a kill before the write", after_a_kill_before_the_write},
    {"after a kill before the sync", after_a_kill_before_the_sync}};

}  // namespace

TEST_CASE("whatever the owner saves with, and when: what was saved is in the diary or beside it, and his own stays") {
  std::string lacking;
  for (const char* const program : {"rsync", "vim"}) {
    if (!installed(Sandbox(), program)) lacking += fmt::format(" {}", program);
  }
  two_at_a_time(saves, [&](const Save& save) {
    if (save.needs != nullptr && lacking.find(save.needs) != std::string::npos) return;
    CAPTURE(save.name);
    Owner owner(save);
    for (const Situation& situation : situations) {
      CAPTURE(situation.name);
      situation.live(owner);
      owner.check();
    }
  });
  if (!lacking.empty()) skip("all but what needs" + lacking + " has passed");
}

// The power goes, the end of the file is torn at every byte, and proof that the account would show a loss.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <filesystem>
#include <optional>

#include "common/os/paths.h"
#include "server/diary/recent.h"
#include "tests/fault/disk_image.h"
#include "tests/fault/server_life.h"
#include "tests/fault/sweep.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/skip.h"
#include "tests/support/wire_client.h"

using namespace md2;
using namespace md2::test;

namespace {

namespace fs = std::filesystem;

/// In front of a program: its disk lies about what it has synced.
const Command lying{"strace", "-D",
                    "-f",     "-qq",
                    "-o",     "/dev/null",
                    "-e",     "trace=fdatasync,fsync",
                    "-e",     "inject=fdatasync,fsync:retval=0"};

const std::string no_disk = "no file can be mounted here: ";

/// Writes against a server on a disk whose power is cut. With `injection` the server's disk lies. Nothing, and the test
/// is skipped, where there can't be such a disk.
std::optional<Verdict> power_cut(int entries, const Command& injection) {
  Scene scene;
  scene.server.stop(SIGTERM);
  DiskImage disk(scene.sandbox, scene.sandbox.path("data"));
  if (!disk.usable()) {
    skip(no_disk + disk.trouble());
    return std::nullopt;
  }
  fs::create_directory(scene.sandbox.path("data/md2"));
  REQUIRE(scene.start_injected(injection));
  Writer writer(scene.ledger, "writer");
  for (int i = 0; i < entries; ++i) {
    writer.add(fmt::format("Eintrag {}", i));
    writer.deliver(scene.server);
  }
  CHECK(writer.done());
  disk.cut_power();
  scene.server.kill();
  disk.come_back();
  scene.server.start();
  Verdict verdict = scene.ledger.check(scene.diary());
  scene.server.stop(SIGTERM);
  return verdict;
}

/// Writes without a server, and the power of the client's disk is cut. With `injection` that disk lies.
std::optional<Verdict> power_cut_of_outbox(int entries, const Command& injection) {
  Scene scene;
  scene.server.stop(SIGTERM);
  make_folders(scene.sandbox.state());
  DiskImage disk(scene.sandbox, scene.sandbox.state());
  if (!disk.usable()) {
    skip(no_disk + disk.trouble());
    return std::nullopt;
  }
  CHECK(scene.feed_client("before the cut", injection, entries) == 75);
  disk.cut_power();
  disk.come_back();
  scene.server.start();
  const Result adopted = scene.adopt();
  INFO(adopted.error);
  CHECK(adopted.status == 0);
  return scene.ledger.check(scene.diary(), scene.outboxes());
}

}  // namespace

TEST_CASE("what was acknowledged survives a power cut") {
  for (int entries = 1; entries < (full_torture() ? 40 : 12); entries = next_point(entries)) {
    CAPTURE(entries);
    const auto verdict = power_cut(entries, {});
    if (!verdict) return;
    INFO(verdict->details);
    CHECK(verdict->acknowledged == static_cast<std::size_t>(entries));
    CHECK(verdict->clean());
    tally().add(*verdict);
    ++tally().cuts;
  }
}

TEST_CASE("proof: on a disk that lies about fdatasync, the same power cut shows a loss") {
  const auto verdict = power_cut(5, lying);
  if (!verdict) return;
  CHECK(verdict->acknowledged == 5);
  CHECK(verdict->lost > 0);
}

TEST_CASE("what a client kept without a server survives a power cut, and on a disk that lies it does not") {
  const auto verdict = power_cut_of_outbox(5, {});
  if (!verdict) return;
  INFO(verdict->details);
  CHECK(verdict->entries == 5);
  CHECK(verdict->clean());
  tally().add(*verdict);
  ++tally().cuts;
  CHECK(power_cut_of_outbox(5, lying)->lost == 5);
}

TEST_CASE(
    "a full disk of the server: the clients keep what it can't take, reading goes on, and all goes in when there is "
    "room") {
  Scene scene;
  scene.server.stop(SIGTERM);
  const DiskImage disk(scene.sandbox, scene.sandbox.path("data"));
  if (!disk.usable()) return skip(no_disk + disk.trouble());
  fs::create_directory(scene.sandbox.path("data/md2"));
  scene.server.start();
  CHECK(scene.feed_client("with room", {}, 3) == 0);
  disk.fill();
  // More than the room that the server has kept for what comes next.
  const std::string long_text(std::size_t{64} << 10, 'x');
  for (int i = 0; i < 20; ++i) run(scene.sandbox, scene.client({"write", long_text}));
  CHECK(scene.feed_client("without room", {}, 200) == 75);
  const std::string elsewhere = "--outbox=" + scene.sandbox.path("elsewhere");  // it would send what waits here
  CHECK(run(scene.sandbox, scene.client({elsewhere, "read"})).output == scene.diary());
  const Result kept = run(scene.sandbox, scene.client({"write", "more"}));
  CHECK(kept.status == 75);
  CHECK(kept.error.find("No space left on device") != std::string::npos);
  scene.ledger.note("more", "more", Ledger::State::kept);
  disk.make_room();
  CHECK(scene.adopt().status == 0);
  scene.check_all();
  CHECK(scene.server.stop(SIGTERM) == 0);
  ++tally().errors;
}

TEST_CASE("a full disk of the client: Enter says what is not kept, and nothing that was kept is lost") {
  Scene scene;
  scene.server.stop(SIGTERM);
  make_folders(scene.sandbox.state());
  const DiskImage disk(scene.sandbox, scene.sandbox.state());
  if (!disk.usable()) return skip(no_disk + disk.trouble());
  CHECK(scene.feed_client("with room", {}, 3) == 75);
  disk.fill();
  const Result refused = run(scene.sandbox, scene.client({"write", std::string(5000, 'x')}));
  CHECK(refused.status == 1);
  CHECK(refused.error.find("No space left on device; what was just entered is not kept") != std::string::npos);
  disk.make_room();
  CHECK(scene.feed_client("with room again", {}, 3) == 75);
  scene.server.start();
  CHECK(scene.adopt().status == 0);
  scene.check_all();
  ++tally().errors;
}

TEST_CASE("proof: a client that forgets its outbox is found to have lost what it kept") {
  Scene scene;
  scene.server.stop(SIGTERM);
  CHECK(scene.feed_client("forgetful", {}, 3) == 75);
  fs::remove_all(scene.outbox);
  scene.server.start();
  CHECK(scene.adopt().status == 0);
  CHECK(scene.ledger.check(scene.diary(), scene.outboxes()).lost == 3);
}

TEST_CASE("proof: without an honest SINCE an entry that is sent again is found to be doubled") {
  Scene scene;
  const std::string text = "doppelt";
  const std::string encoded = entry(1, text);
  scene.ledger.note("dishonest", text, Ledger::State::acknowledged);
  WireClient wire(scene.server);
  wire.send(Verb::write, 0, encoded);
  wire.expect(Verb::saved);
  // More entries than the server remembers, which would know it whatever SINCE says.
  for (std::size_t i = 0; i <= Recent::max_entries; i += 1000) {
    for (std::size_t j = i; j < i + 1000; ++j) wire.send(Verb::write, 0xffffffff, entry(static_cast<int>(j + 2), "x"));
    for (std::size_t j = i; j < i + 1000; ++j) wire.expect(Verb::saved);
  }
  WireClient again(scene.server);
  again.send(Verb::write, again.greeting().number, encoded);
  again.expect(Verb::saved);
  CHECK(scene.ledger.check(scene.diary()).doubled == 1);
}

TEST_CASE("proof: a torn entry, a gap and a wrong order do not escape the account") {
  Ledger ledger;
  for (const char* const text : {"eins", "zwei", "drei"}) ledger.note("client", text, Ledger::State::offered);
  CHECK(ledger.check(entry(1, "eins") + entry(2, "zwei")).clean());
  CHECK(ledger.check(entry(1, "eins") + entry(3, "drei")).lost == 1);
  CHECK(ledger.check(entry(2, "zwei") + entry(1, "eins")).out_of_order == 1);
  CHECK(ledger.check(entry(1, "eins") + "[2015-10-28 21:2\n").torn == 1);
  ledger.note("client", "eins", Ledger::State::kept);
  CHECK(ledger.check("", entry(1, "eins")).clean());
  ledger.note("client", "eins", Ledger::State::acknowledged);
  CHECK(ledger.check("", entry(1, "eins")).lost == 1);
}

TEST_CASE("an end torn at any byte, or full of zeros, is moved aside by the server, which goes on") {
  Scene scene;
  scene.server.stop(SIGTERM);
  const std::string before = entry(1, "erstens\n第二行") + entry(2, "zweitens");
  const std::string last = entry(3, "三\n第三行 [nicht ein Kopf]\n ende");
  const std::size_t step = distance_of_points(7);
  for (const bool zeros : {false, true}) {
    for (std::size_t length = 0; length <= last.size(); length += step) {
      CAPTURE(zeros);
      CAPTURE(length);
      std::string end = last.substr(0, length);
      if (zeros) end.resize(last.size(), '\0');
      write_file(scene.sandbox.diary(), before + end);
      fs::remove(scene.sandbox.diary() + ".ring");  // the power went before it was on the disk
      scene.server.start();
      {
        WireClient wire(scene.server);
        wire.send(Verb::write, 0, last);  // the client whose append was torn sends it again
        wire.expect(Verb::saved);
        wire.send(Verb::write, 0, entry(4, "danach"));
        wire.expect(Verb::saved);
      }
      // Without a note of it, sound text can't be told from the owner's: it stays, and the whole one comes behind it.
      const bool whole_but_for_newlines = end.size() + 2 >= last.size() && end.find('\0') == std::string::npos;
      const bool in_character = length < last.size() && (static_cast<unsigned char>(last[length]) & 0xc0) == 0x80;
      const bool stays = !zeros && !in_character && !whole_but_for_newlines;
      std::string expected = before;
      if (stays)
        expected.append(end).append(end.ends_with('\n') || end.empty() ? "" : "\n").append(end.empty() ? "" : "\n");
      expected.append(last).append(entry(4, "danach"));
      CHECK(run(scene.sandbox, scene.client({"read"})).output == expected);
      CHECK(scene.server.stop(SIGTERM) == 0);
      CHECK(scene.diary() == expected);
      std::string moved;
      for (const auto& file : fs::directory_iterator(scene.sandbox.path("data/md2"))) {
        if (file.path().string().find(".torn.") == std::string::npos) continue;
        moved += read_file(file.path());
        fs::remove(file.path());
      }
      CHECK(moved == (stays || whole_but_for_newlines ? "" : end));  // nothing vanishes
      ++tally().cuts;
    }
  }
}

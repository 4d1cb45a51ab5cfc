#include "client/outbox/outbox_file.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "client/outbox/outbox.h"
#include "tests/client/outbox/outbox_folder.h"
#include "tests/support/child.h"
#include "tests/support/files.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

TEST_CASE("an outbox for another server and files that are none are left alone") {
  const OutboxFolder folder;
  for (const char* const other : {"127.0.0.1:50000", "127.0.0.1:500", "[::1]:5000", "a@b:1", "../x:5000", ".:1"}) {
    Outbox(folder.path(), other).put({entry(1)});
  }
  write_file(folder.path("127.0.0.1_5000@x.outbox.torn.y"), entry(1));
  write_file(folder.path("history"), "x");
  CHECK(folder.files().size() == 6);
  CHECK(Outbox(folder.path(), outbox_server).waiting() == 0);
  CHECK(folder.files().size() == 6);
  CHECK(Outbox(folder.path(), "../x:5000").waiting() == 1);
  CHECK(Outbox(folder.path(), "[::1]:5000").waiting() == 1);
}

TEST_CASE("the outbox of a client that lives is not touched") {
  const OutboxFolder folder;
  Outbox alive(folder.path(), outbox_server);
  alive.put(entry_list(0, 2));
  const Outbox other(folder.path(), outbox_server);
  CHECK(other.waiting() == 0);
  CHECK(content(alive) == entry_list(0, 2));
}

TEST_CASE("what is no readable file is reported and left") {
  const OutboxFolder folder;
  fs::create_directory(folder.left(1));
  REQUIRE(mkfifo(folder.left(2).c_str(), 0600) == 0);
  write_file(folder.path("elsewhere"), entry(1));
  fs::create_symlink(folder.path("elsewhere"), folder.left(3));
  Outbox outbox(folder.path(), outbox_server);
  CHECK(outbox.notices().size() == 3);
  CHECK(outbox.waiting() == 0);
  outbox.put({entry(5)});
  CHECK(folder.files().size() == 4);
}

TEST_CASE("clients that start at the same moment share what was left: nothing twice, nothing forgotten") {
  for (int round = 0; round < 10; ++round) {
    CAPTURE(round);
    const OutboxFolder folder;
    for (int i = 1; i <= 9; ++i) write_file(folder.left(i), entries(2 * i, 2 * i + 2));
    int start[2];
    REQUIRE(pipe(start) == 0);
    SharedCounter adopted[4];
    pid_t children[4];
    for (int i = 0; i < 4; ++i) {
      children[i] = start_child([&, i] {
        ::close(start[1]);
        char byte = 0;
        if (read(start[0], &byte, 1) != 0) return 1;  // the end of the pipe: all start now
        Outbox outbox(folder.path(), outbox_server);
        adopted[i].value() = static_cast<int>(outbox.waiting());
        outbox.put({entry(100 + i)});
        raise(SIGSTOP);  // and it is killed
        return 0;
      });
    }
    ::close(start[0]);
    ::close(start[1]);
    int sum = 0;
    for (int i = 0; i < 4; ++i) {
      int status = 0;
      REQUIRE(waitpid(children[i], &status, WUNTRACED) == children[i]);
      REQUIRE(WIFSTOPPED(status));
      sum += adopted[i].value();
    }
    CHECK(sum == 18);
    for (const pid_t child : children) {
      kill(child, SIGKILL);
      REQUIRE(waitpid(child, nullptr, 0) == child);
    }
    auto found = content(Outbox(folder.path(), outbox_server));
    auto expected = entry_list(2, 20);
    for (const auto& own : entry_list(100, 104)) expected.push_back(own);
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    CHECK(found == expected);
  }
}

TEST_CASE("a client overtaken by another at any system call of its start takes over only what the other did not") {
  int moments = 0;
  SharedCounter adopted;
  for (Stopped stopped = Stopped::yes; stopped == Stopped::yes; ++moments) {
    CAPTURE(moments);
    const OutboxFolder folder;
    write_file(folder.left(), entries(0, 2));
    adopted.value() = 0;
    std::size_t of_other = 0;
    stopped = overtake_at_stop(
        moments + 1,
        [&] {
          auto outbox = std::make_unique<Outbox>(folder.path(), outbox_server);
          adopted.value() = static_cast<int>(outbox->waiting());
          outbox->put({entry(5)});
          return outbox.release() == nullptr;  // it ends without a word, as by a kill
        },
        [&] {
          Outbox other(folder.path(), outbox_server);
          of_other = other.waiting();
          while (const auto item = other.get(0)) other.remove(item->id);
        });
    REQUIRE(stopped != Stopped::wrongly);
    CHECK(static_cast<std::size_t>(adopted.value()) + of_other == 2);
    auto expected = entry_list(0, adopted.value());
    expected.push_back(entry(5));
    CHECK(content(Outbox(folder.path(), outbox_server)) == expected);
  }
  CHECK(moments > 30);
}

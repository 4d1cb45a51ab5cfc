#include "client/outbox/outbox.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <semaphore>
#include <thread>

#include "common/os/error.h"
#include "tests/client/outbox/outbox_folder.h"
#include "tests/support/child.h"
#include "tests/support/files.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

TEST_CASE("an outbox without entries leaves no trace") {
  const OutboxFolder folder;
  {
    const Outbox outbox(folder.path("new/outbox"), outbox_server);
    CHECK(outbox.waiting() == 0);
    CHECK_FALSE(outbox.get(0));
    CHECK(outbox.notices().empty());
  }
  CHECK(fs::is_empty(folder.path("new/outbox")));
}

TEST_CASE("what was put stands in one private file in diary format and comes out in order") {
  const OutboxFolder folder;
  Outbox outbox(folder.path(), outbox_server);
  outbox.put({entry(0)});
  outbox.put(entry_list(1, 100));
  REQUIRE(folder.files().size() == 1);
  CHECK(read_file(folder.files()[0]) == entries(0, 100));
  struct stat status = {};
  REQUIRE(stat(folder.files()[0].c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(content(outbox) == entry_list(0, 100));
  CHECK(outbox.waiting() == 100);
}

TEST_CASE("ids rise by one, and an entry is in doubt once it was sent") {
  const OutboxFolder folder;
  Outbox outbox(folder.path(), outbox_server);
  outbox.put(entry_list(0, 3));
  const auto first = outbox.get(0);
  REQUIRE(first);
  CHECK_FALSE(first->in_doubt);
  outbox.mark_sent(first->id);
  CHECK(outbox.get(first->id)->in_doubt);
  CHECK_FALSE(outbox.get(first->id + 1)->in_doubt);
  CHECK(outbox.get(first->id + 1)->id == first->id + 1);
  CHECK_FALSE(outbox.get(first->id + 3));
  outbox.mark_sent(first->id + 99);
  outbox.remove(first->id + 99);
  CHECK(outbox.waiting() == 3);
}

TEST_CASE("saved entries leave in any order, and the ids go on") {
  const OutboxFolder folder;
  Outbox outbox(folder.path(), outbox_server);
  outbox.put(entry_list(0, 3));
  const std::uint64_t id = outbox.get(0)->id;
  outbox.remove(id + 1);
  CHECK(content(outbox) == std::vector{entry(0), entry(2)});
  outbox.remove(id + 1);
  outbox.remove(id);
  CHECK(outbox.waiting() == 1);
  outbox.remove(id + 2);
  CHECK(outbox.waiting() == 0);
  outbox.put({entry(7)});
  CHECK(outbox.get(0)->id == id + 3);
  CHECK(outbox.get(0)->encoded == entry(7));
}

TEST_CASE("a client that ends leaves a file only with entries that wait, and the next one adopts it") {
  const OutboxFolder folder;
  {
    Outbox outbox(folder.path(), outbox_server);
    outbox.put(entry_list(0, 3));
  }
  CHECK(folder.files().size() == 1);
  {
    Outbox outbox(folder.path(), outbox_server);
    CHECK(outbox.waiting() == 3);
    REQUIRE(outbox.notices().size() == 1);
    CHECK(outbox.notices()[0] == fmt::format("3 entries that an earlier md2client left were found in '{}'; those that "
                                             "are not in the diary yet go out as soon as that is reached",
                                             folder.files()[0]));
    outbox.put({entry(3)});
    CHECK(content(outbox) == entry_list(0, 4));
    CHECK(outbox.get(0)->in_doubt);
    CHECK_FALSE(outbox.get(outbox.get(0)->id + 3)->in_doubt);
    CHECK(folder.files().size() == 2);
    for (int i = 0; i < 3; ++i) outbox.remove(outbox.get(0)->id);
    CHECK(folder.files().size() == 1);
    outbox.remove(outbox.get(0)->id);
  }
  CHECK(folder.files().empty());
}

TEST_CASE("a client that ends leaves only what waits, not what is saved") {
  const OutboxFolder folder;
  write_file(folder.left(1), entries(0, 3));
  {
    Outbox outbox(folder.path(), outbox_server);
    outbox.put(entry_list(3, 6));
    std::vector<std::uint64_t> ids;
    for (auto item = outbox.get(0); item; item = outbox.get(item->id + 1)) ids.push_back(item->id);
    for (const std::size_t saved : {0U, 1U, 4U}) outbox.remove(ids.at(saved));
  }
  REQUIRE(folder.files().size() == 2);
  CHECK(read_file(folder.files()[0]) == entry(2));
  CHECK(read_file(folder.files()[1]) == entry(3) + entry(5));
}

TEST_CASE("a file of a mebibyte is dropped when all in it is saved, and the next put makes a new one") {
  const OutboxFolder folder;
  Outbox outbox(folder.path(), outbox_server);
  outbox.put({entry(0), entry(10'000, std::string(max_text, 'x'))});
  outbox.sync();
  outbox.remove(outbox.get(0)->id);
  outbox.remove(outbox.get(0)->id);
  CHECK(folder.files().empty());
  outbox.put({entry(1)});
  CHECK(content(outbox) == entry_list(1, 2));
  CHECK(folder.contents(".outbox") == entry_list(1, 2));
}

TEST_CASE("the oldest outbox goes first") {
  const OutboxFolder folder;
  write_file(folder.left(3), entry(3));
  write_file(folder.left(1), entry(1));
  write_file(folder.left(2), entry(2));
  const Outbox outbox(folder.path(), outbox_server);
  CHECK(content(outbox) == entry_list(1, 4));
  REQUIRE(outbox.notices().size() == 1);
  CHECK(outbox.notices()[0].find("3 entries") != std::string::npos);
  CHECK(outbox.notices()[0].find("3 outboxes below") != std::string::npos);
}

TEST_CASE("a full disk: nothing of the put is kept, what was there is safe, and the next put works") {
  const OutboxFolder folder;
  const std::string big = entry(10'000, std::string(3000, 'x'));
  CHECK(in_child([&] {
          signal(SIGXFSZ, SIG_IGN);
          Outbox outbox(folder.path(), outbox_server);
          outbox.put(entry_list(0, 2));
          const rlimit full{1000, RLIM_INFINITY};
          setrlimit(RLIMIT_FSIZE, &full);
          try {
            outbox.put({entry(2), big});
            return 1;
          } catch (const Error& error) {
            if (std::string(error.what()).find("File too large; what was just entered is not kept") ==
                std::string::npos) {
              return 2;
            }
          }
          if (content(outbox) != entry_list(0, 2)) return 3;
          const rlimit room{RLIM_INFINITY, RLIM_INFINITY};
          setrlimit(RLIMIT_FSIZE, &room);
          outbox.put({entry(2)});
          return content(outbox) == entry_list(0, 3) ? 0 : 4;
        }) == 0);
  REQUIRE(folder.files().size() == 1);
  CHECK(read_file(folder.files()[0]) == entries(0, 3));
}

TEST_CASE("a folder that takes no file: the put says so and nothing is kept") {
  const OutboxFolder folder;
  Outbox outbox(folder.path("gone"), outbox_server);
  fs::remove(folder.path("gone"));
  write_file(folder.path("gone"), "");
  CHECK_THROWS_WITH_AS(outbox.put({entry(0)}), doctest::Contains("cannot make outbox"), Error);
  CHECK(outbox.waiting() == 0);
  fs::remove(folder.path("gone"));
  outbox.put({entry(0)});
  CHECK(outbox.waiting() == 1);
}

TEST_CASE("a file that was deleted under the client is given up, its entries still go out, and a new one is made") {
  const OutboxFolder folder;
  Outbox outbox(folder.path(), outbox_server);
  outbox.put({entry(0)});
  fs::remove(folder.files()[0]);
  outbox.put({entry(1)});
  CHECK(content(outbox) == entry_list(0, 2));
  REQUIRE(folder.files().size() == 1);
  CHECK(read_file(folder.files()[0]) == entry(1));
}

TEST_CASE("an entry of the greatest size and many small ones go through") {
  const OutboxFolder folder;
  Outbox outbox(folder.path(), outbox_server);
  const std::string greatest = entry(10'000, std::string(max_text, 'x'));
  outbox.put(entry_list(0, 5000));
  outbox.put({greatest});
  outbox.put(entry_list(5000, 6000));
  auto expected = entry_list(0, 5000);
  expected.push_back(greatest);
  for (auto& e : entry_list(5000, 6000)) expected.push_back(e);
  CHECK(content(outbox) == expected);
  CHECK(content(outbox) == expected);
}

TEST_CASE("a failed sync: what was put still goes out, the sync says so, and the next put goes to a new file") {
  const OutboxFolder folder;
  const auto client = [&] {
    Outbox outbox(folder.path(), outbox_server);
    const int next = dup(0);
    ::close(next);
    outbox.put(entry_list(0, 2));
    outbox.sync();
    if (!fail_call(SYS_fdatasync, EIO, next)) return 9;  // for this file, not for the next one
    outbox.put({entry(2)});
    try {
      outbox.sync();
      return 1;
    } catch (const NotDurable& error) {
      if (std::string(error.what()).find("cannot sync outbox") == std::string::npos) return 2;
    }
    if (content(outbox) != entry_list(0, 3)) return 3;
    outbox.put({entry(3)});
    outbox.sync();
    if (folder.files().size() != 2) return 4;
    if (content(outbox) != entry_list(0, 4)) return 5;
    for (int i = 0; i < 3; ++i) outbox.remove(outbox.get(0)->id);
    return folder.files().size() == 1 ? 0 : 6;
  };
  CHECK(in_child(client) == 0);
  CHECK(content(Outbox(folder.path(), outbox_server)) == entry_list(3, 4));
}

TEST_CASE("a large outbox whose last entry is saved while it is synced makes way for a new file") {
  const OutboxFolder folder;
  Outbox outbox(folder.path(), outbox_server);
  const std::string greatest = entry(10'000, std::string(max_text, 'x'));
  outbox.put({greatest});
  outbox.remove(outbox.get(0)->id);
  outbox.sync();
  const auto large = folder.files();
  REQUIRE(large.size() == 1);
  outbox.put({entry(0)});
  outbox.sync();
  CHECK(folder.files().size() == 2);
  CHECK(content(outbox) == entry_list(0, 1));
  outbox.remove(outbox.get(0)->id);
  CHECK(!fs::exists(large[0]));
  CHECK(folder.files().size() == 1);
}

TEST_CASE("half a write that can't be cut off is left behind, and the next client moves it aside") {
  const OutboxFolder folder;
  CHECK(in_child([&] {
          signal(SIGXFSZ, SIG_IGN);
          Outbox outbox(folder.path(), outbox_server);
          outbox.put({entry(0)});
          const rlimit full{entry(0).size() + 50, RLIM_INFINITY};
          setrlimit(RLIMIT_FSIZE, &full);
          if (!fail_call(SYS_ftruncate, EIO)) return 9;
          try {
            outbox.put({entry(1)});
            return 1;
          } catch (const Error&) {
          }
          outbox.put({entry(2)});
          return content(outbox) == std::vector{entry(0), entry(2)} ? 0 : 2;
        }) == 0);
  CHECK(folder.files().size() == 2);
  const Outbox outbox(folder.path(), outbox_server);
  CHECK(content(outbox) == std::vector{entry(0), entry(2)});
  CHECK(joined(folder.contents(".torn.")) == entry(1).substr(0, 50));
}

TEST_CASE("a client killed at any system call: what was put is there once, in order, for the next one") {
  int kills = 0;
  SharedCounter kept;     // entries whose put() has returned
  SharedCounter removed;  // entries whose remove() has begun
  const auto life = [&](const std::string& path) {
    Outbox outbox(path, outbox_server);
    kept.value() = 2;
    outbox.put({entry(2)});
    outbox.sync();
    kept.value() = 3;
    outbox.put(entry_list(3, 6));
    outbox.sync();
    kept.value() = 6;
    for (auto item = outbox.get(0); item; item = outbox.get(item->id + 1)) outbox.mark_sent(item->id);
    while (const auto item = outbox.get(0)) {
      removed.value() = removed.value() + 1;
      outbox.remove(item->id);
    }
    outbox.put(entry_list(6, 8));
    outbox.sync();
    kept.value() = 8;
    removed.value() = removed.value() + 1;
    outbox.remove(outbox.get(0)->id);
    return 0;
  };
  for (Stopped killed = Stopped::yes; killed == Stopped::yes; ++kills) {
    CAPTURE(kills);
    const OutboxFolder folder;
    write_file(folder.left(), entries(0, 2) + "torn");
    kept.value() = 2;
    removed.value() = 0;
    killed = kill_at_stop(kills + 1, [&] { return life(folder.path()); });
    REQUIRE(killed != Stopped::wrongly);
    Outbox outbox(folder.path(), outbox_server);
    const auto found = content(outbox);
    // Saved entries may be there still: they are in doubt. The rest must be there, and nothing twice.
    std::size_t first = 0;
    while (first < 8 && (found.empty() || found[0] != entry(static_cast<int>(first)))) ++first;
    CHECK(first <= (found.empty() ? 8 : static_cast<std::size_t>(removed.value())));
    CHECK(found == entry_list(static_cast<int>(first), static_cast<int>(first + found.size())));
    CHECK(first + found.size() >= static_cast<std::size_t>(kept.value()));
    if (found.empty()) CHECK(kept.value() == removed.value());
    CHECK(joined(folder.contents(".torn.")).find("torn") != std::string::npos);
    while (const auto item = outbox.get(0)) outbox.remove(item->id);
    CHECK(folder.files().empty());
    CHECK(folder.contents(".rest").empty());
  }
  CHECK(kills > 50);
}

TEST_CASE("one thread puts while the other sends and removes: all come once, in order, and nothing is left") {
  const OutboxFolder folder;
  constexpr int batches = 200;
  constexpr int size = 7;
  {
    Outbox outbox(folder.path(), outbox_server);
    std::counting_semaphore<> there(0);
    std::vector<std::string> sent;
    std::jthread link([&] {
      std::uint64_t next = 0;
      std::uint64_t saved = 0;
      for (int i = 0; i < batches * size; ++i) {
        there.acquire();
        const auto item = outbox.get(next);
        if (!item) return;
        if (i == 0) saved = item->id;
        next = item->id + 1;
        outbox.mark_sent(item->id);
        sent.push_back(item->encoded);
        if (i % 3 == 2) {
          while (saved < next) outbox.remove(saved++);
        }
      }
      while (saved < next) outbox.remove(saved++);
    });
    for (int i = 0; i < batches; ++i) {
      outbox.put(entry_list(i * size, (i + 1) * size));
      there.release(size);
      outbox.sync();
    }
    link.join();
    CHECK(sent == entry_list(0, batches * size));
    CHECK(outbox.waiting() == 0);
    REQUIRE(folder.files().size() == 1);
  }
  CHECK(folder.files().empty());
}

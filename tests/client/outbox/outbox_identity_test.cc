#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <thread>

#include "client/outbox/outbox.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "tests/client/outbox/outbox_folder.h"
#include "tests/client/outbox/two_diaries.h"
#include "tests/support/child.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

/// What a client does that writes an entry and meets nobody.
void write_offline(const OutboxFolder& folder, const std::string& entry, const char* server = outbox_server) {
  Outbox outbox(folder.path(), server);
  std::vector<std::string> notices;
  outbox.meet_nobody(notices);
  outbox.put({entry});
}

/// What a client gets that meets this diary: the entries that may be sent to it. `told`: what its user sees.
std::vector<std::string> meet(const OutboxFolder& folder, const std::string& identity,
                              const char* server = outbox_server, std::vector<std::string>* told = nullptr) {
  Outbox outbox(folder.path(), server);
  std::vector<std::string> notices;
  CHECK(outbox.meet(identity, notices));
  if (told != nullptr) *told = notices;
  return content(outbox);
}

std::string recipient(const std::string& path) {
  return OutboxFile::recipient_of(path);
}

/// A disk that can't rename.
class RenamingFails : public Disk {
 public:
  int rename(Path /*from*/, Path /*to*/) override {
    errno = EROFS;
    return -1;
  }
};

/// Notes at which call the names were synced.
class NamesSynced : public Disk {
 public:
  int rename(Path from, Path to) override {
    ++renamed;
    return Disk::rename(from, to);
  }
  int fsync(int fd) override {
    if (renamed > 0) ++synced;
    return Disk::fsync(fd);
  }
  int renamed = 0;
  int synced = 0;
};

}  // namespace

TEST_CASE("an outbox bears the identity of the diary from the meeting on, synced, and what is put later as well") {
  const OutboxFolder folder;
  NamesSynced disk;
  const UseDisk use(disk);
  Outbox outbox(folder.path(), outbox_server);
  outbox.put({entry(0)});
  REQUIRE(folder.files().size() == 1);
  CHECK(recipient(folder.files()[0]) == "127.0.0.1_5000");
  std::vector<std::string> notices;
  CHECK(outbox.meet(one, notices));
  CHECK(notices.empty());
  CHECK(disk.renamed >= 1);
  CHECK(disk.synced >= 1);
  REQUIRE(folder.files().size() == 1);
  CHECK(recipient(folder.files()[0]) == one);
  outbox.put({entry(1)});
  outbox.sync();
  CHECK(folder.files().size() == 1);
  CHECK(content(outbox) == entry_list(0, 2));
  const int synced = disk.synced;
  CHECK(outbox.meet(one, notices));
  CHECK(disk.synced == synced);
}

TEST_CASE("an entry that was kept offline for one diary never goes to another at its address, only to that one") {
  const OutboxFolder folder;
  CHECK(meet(folder, one).empty());
  write_offline(folder, entry(1));
  std::vector<std::string> told;
  CHECK(meet(folder, two, outbox_server, &told).empty());
  REQUIRE(told.size() == 1);
  CHECK(told[0].starts_with(
      "1 entry waits for another diary (diary 11111111) and goes out when md2client reaches it; "
      "to send it to this one instead: md2client -s 127.0.0.1:5000 import FILE, to give it up remove FILE, which is '" +
      folder.files().at(0) + "'"));
  CHECK(meet(folder, two).empty());
  CHECK(meet(folder, one) == entry_list(1, 2));
}

TEST_CASE("what is written before any outcome goes to the diary that answers, and after a kill to the one known then") {
  const OutboxFolder folder;
  CHECK(meet(folder, one).empty());
  {
    Outbox outbox(folder.path(), outbox_server);
    outbox.put({entry(1)});
    std::vector<std::string> notices;
    CHECK(outbox.meet(two, notices));
    CHECK(content(outbox) == entry_list(1, 2));
    outbox.remove(outbox.get(0)->id);
  }
  Outbox(folder.path(), outbox_server).put({entry(2)});
  CHECK(meet(folder, one).empty());
  CHECK(meet(folder, two) == entry_list(2, 3));
}

TEST_CASE("a prompt stays with its first diary, or with the one that it wrote for offline") {
  const OutboxFolder folder;
  std::vector<std::string> notices;
  {
    Outbox outbox(folder.path(), outbox_server);
    CHECK(outbox.meet(one, notices));
    CHECK_FALSE(outbox.meet(two, notices));
    CHECK(outbox.meet(one, notices));
  }
  Outbox writer(folder.path(), outbox_server);
  writer.put({entry(0)});
  writer.meet_nobody(notices);
  CHECK(recipient(folder.files().at(0)) == one);
  CHECK_FALSE(writer.meet(two, notices));
  CHECK(writer.meet(one, notices));
  Outbox reader(folder.path(), outbox_server);
  reader.meet_nobody(notices);
  CHECK(reader.meet(two, notices));
}

TEST_CASE("what was left for a diary under another address, or is its own by name only, is adopted when it answers") {
  const OutboxFolder folder;
  CHECK(meet(folder, one).empty());
  write_offline(folder, entry(1));
  Outbox outbox(folder.path(), "localhost:5000");
  outbox.put({entry(5)});
  CHECK(outbox.waiting() == 1);
  std::vector<std::string> notices;
  CHECK(outbox.meet(one, notices));
  CHECK(content(outbox) == std::vector{entry(1), entry(5)});  // the older one first
  CHECK(outbox.get(0)->in_doubt);
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].starts_with("1 entry that an earlier md2client left was found in '"));
  outbox.put({entry(6)});
  outbox.sync();
  while (const auto item = outbox.get(0)) outbox.remove(item->id);
  CHECK(outbox.waiting() == 0);
}

TEST_CASE("outboxes of older clients go to the diary that answers at their address, however that is spelt") {
  const OutboxFolder folder;
  write_file(folder.path("LOCALHOST_5000@20151001T132603.417293-4711.outbox"), entry(1));
  write_file(folder.path("localhost._5000@20151002T132603.417293-4711.outbox"), entry(2));
  write_file(folder.path("localhost_5001@20151003T132603.417293-4711.outbox"), entry(3));
  std::vector<std::string> told;
  CHECK(meet(folder, one, "localhost:5000", &told) == entry_list(1, 3));
  REQUIRE(told.size() == 1);
  CHECK(
      told[0].starts_with("1 entry waits for another diary (localhost:5001) and goes out when md2client reaches it; "
                          "to send it to this one instead: md2client -s localhost:5000 import FILE, to give it up "
                          "remove FILE, which is '"));
  CHECK(meet(folder, two, "localhost:5001") == entry_list(3, 4));
}

TEST_CASE("outboxes of older clients go to no other diary than the one that is known at their address") {
  const OutboxFolder folder;
  CHECK(meet(folder, one).empty());
  write_file(folder.left(), entry(1));
  CHECK(meet(folder, two).empty());
  CHECK(meet(folder, one) == entry_list(1, 2));
}

TEST_CASE(
    "one line tells of all that waits elsewhere: how many, for whom, what to do; clients that live are left out") {
  const OutboxFolder folder;
  CHECK(meet(folder, one, "a:1").empty());
  for (int i = 0; i < 3; ++i) write_offline(folder, entry(i), "a:1");
  write_offline(folder, entry(4), "b:2");
  write_offline(folder, entry(5), "b:2");
  Outbox alive(folder.path(), "c:3");
  alive.put({entry(6)});
  std::vector<std::string> told;
  CHECK(meet(folder, two, "d:4", &told).empty());
  REQUIRE(told.size() == 1);
  CHECK(
      told[0].starts_with("5 entries wait for another diary (diary 11111111 that was at a:1: 3, b:2: 2) and go out "
                          "when md2client reaches it; to send them to this one instead: md2client -s d:4 import FILE, "
                          "to give them up remove FILE, which is '"));
  CHECK(told[0].ends_with(" and 2 more"));
  Outbox offline(folder.path(), "d:4");
  told.clear();
  offline.meet_nobody(told);
  CHECK(told.size() == 1);
  offline.meet_nobody(told);
  CHECK(told.size() == 1);
}

TEST_CASE("an outbox that is claimed goes to whichever diary answers, and stays whose it was when none does") {
  const OutboxFolder folder;
  CHECK(meet(folder, one).empty());
  write_offline(folder, entry(1));
  const std::string path = folder.files().at(0);
  const auto claim = [&] { return Outbox(folder.path(), "b:2", OutboxFile::adopt(path)).claimed(); };
  CHECK(claim() == 1);
  CHECK(folder.files() == std::vector{path});
  std::vector<std::string> notices;
  {
    Outbox outbox(folder.path(), "b:2", OutboxFile::adopt(path));
    outbox.meet_nobody(notices);
    outbox.put({entry(2)});
    outbox.meet_nobody(notices);
    CHECK(fs::exists(path));
    outbox.remove(outbox.get(outbox.get(0)->id + 1)->id);
    CHECK(outbox.meet(two, notices));
    CHECK(content(outbox) == entry_list(1, 2));
    CHECK(recipient(folder.files().at(0)) == two);
  }
  CHECK(meet(folder, one).empty());
  CHECK(meet(folder, two, "b:2") == entry_list(1, 2));
}

TEST_CASE("what can't be given its name is not sent: there is no meeting before it is") {
  const OutboxFolder folder;
  Outbox outbox(folder.path(), outbox_server);
  outbox.put({entry(0)});
  std::vector<std::string> notices;
  {
    RenamingFails disk;
    const UseDisk use(disk);
    CHECK_THROWS_WITH_AS(outbox.meet(one, notices), doctest::Contains("cannot rename outbox"), Error);
  }
  CHECK_FALSE(outbox.meet(two, notices));
  CHECK(outbox.meet(one, notices));
  CHECK(recipient(folder.files().at(0)) == one);
}

TEST_CASE("a client that is killed at any system call of the meeting leaves each entry for the right diary, once") {
  int moments = 0;
  for (Stopped stopped = Stopped::yes; stopped == Stopped::yes; ++moments) {
    CAPTURE(moments);
    const OutboxFolder folder;
    write_file(folder.left(), entries(0, 2));
    stopped = kill_at_stop(moments + 1, [&] {
      auto outbox = std::make_unique<Outbox>(folder.path(), outbox_server);
      outbox->put({entry(2)});
      std::vector<std::string> notices;
      outbox->meet(one, notices);
      return outbox.release() == nullptr;
    });
    REQUIRE(stopped != Stopped::wrongly);
    auto found = meet(folder, one);
    std::sort(found.begin(), found.end());
    if (found.size() == 2) found.push_back(entry(2));  // put() had not returned
    CHECK(found == entry_list(0, 3));
  }
  CHECK(moments > 30);
}

TEST_CASE("a meeting while entries are put: each is found by the link, and all bear the diary's name") {
  for (int round = 0; round < 20; ++round) {
    CAPTURE(round);
    const OutboxFolder folder;
    CHECK(meet(folder, one, "a:1").empty());
    write_offline(folder, entry(0), "a:1");
    Outbox outbox(folder.path(), outbox_server);
    std::thread link([&] {
      std::vector<std::string> notices;
      CHECK(outbox.meet(one, notices));
      for (std::size_t found = 0; found < 21;) {
        const auto item = outbox.get(0);
        if (!item) continue;
        outbox.mark_sent(item->id);
        outbox.remove(item->id);
        ++found;
      }
    });
    for (int i = 1; i <= 20; ++i) {
      outbox.put({entry(i)});
      outbox.sync();
    }
    link.join();
    CHECK(outbox.waiting() == 0);
    for (const std::string& file : folder.files()) CHECK(recipient(file) == one);
  }
}

// What the disk does once in ten years.
#include <doctest/doctest.h>

#include <cerrno>
#include <filesystem>

#include "client/outbox/outbox.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "tests/client/outbox/outbox_folder.h"
#include "tests/support/fake_disk.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("a put is one write and a sync one fdatasync, and what was synced is on stable storage") {
  const OutboxFolder folder;
  FakeDisk disk;
  const UseDisk use(disk);
  Outbox outbox(folder.path(), outbox_server);
  outbox.put(entry_list(0, 3));
  CHECK(disk.writes == 1);
  CHECK(disk.stable().empty());
  outbox.sync();
  CHECK(disk.syncs == 1);
  CHECK(disk.stable() == joined(entry_list(0, 3)));
  outbox.sync();
  CHECK(disk.syncs == 1);
}

TEST_CASE("short and interrupted writes make a whole entry") {
  const OutboxFolder folder;
  FakeDisk disk;
  const UseDisk use(disk);
  disk.longest_write = 7;
  disk.interruptions = 2;
  Outbox outbox(folder.path(), outbox_server);
  outbox.put(entry_list(0, 2));
  CHECK(read_file(folder.files().at(0)) == joined(entry_list(0, 2)));
  CHECK(content(outbox) == entry_list(0, 2));
}

TEST_CASE("no room: half an entry is cut off again, nothing of the put is kept, and the file is used further") {
  const OutboxFolder folder;
  FakeDisk disk;
  const UseDisk use(disk);
  Outbox outbox(folder.path(), outbox_server);
  outbox.put({entry(0)});
  disk.room = 20;
  CHECK_THROWS_WITH_AS(outbox.put({entry(1)}),
                       doctest::Contains("No space left on device; what was just entered is not kept"), Error);
  outbox.sync();
  CHECK(disk.syncs == 0);
  CHECK(content(outbox) == entry_list(0, 1));
  CHECK(read_file(folder.files().at(0)) == entry(0));
  disk.room = 1000;
  outbox.put({entry(1)});
  CHECK(folder.files().size() == 1);
  CHECK(content(outbox) == entry_list(0, 2));
}

TEST_CASE("half an entry that can't be cut off: the next put goes to a new file, and the next client moves it aside") {
  const OutboxFolder folder;
  FakeDisk disk;
  const UseDisk use(disk);
  {
    Outbox outbox(folder.path(), outbox_server);
    outbox.put({entry(0)});
    disk.room = 20;
    disk.ftruncate_error = EIO;
    CHECK_THROWS_AS(outbox.put({entry(1)}), Error);
    disk.room = 1000;
    outbox.put({entry(2)});
    CHECK(folder.files().size() == 2);
    CHECK(content(outbox) == std::vector{entry(0), entry(2)});
  }
  const Outbox next(folder.path(), outbox_server);
  CHECK(content(next) == std::vector{entry(0), entry(2)});
  CHECK(joined(folder.contents(".torn.")) == entry(1).substr(0, 20));
}

TEST_CASE("a sync that fails: the entry still goes out, and nothing is written to that file again") {
  const OutboxFolder folder;
  FakeDisk disk;
  const UseDisk use(disk);
  Outbox outbox(folder.path(), outbox_server);
  outbox.put({entry(0)});
  disk.fdatasync_error = EIO;
  CHECK_THROWS_WITH_AS(outbox.sync(), doctest::Contains("Input/output error; what was just entered goes"), NotDurable);
  disk.fdatasync_error = 0;
  outbox.put({entry(1)});
  outbox.sync();
  CHECK(folder.files().size() == 2);
  CHECK(disk.stable() == entry(1));
  CHECK(content(outbox) == entry_list(0, 2));
  outbox.remove(outbox.get(0)->id);
  CHECK(folder.files().size() == 1);
}

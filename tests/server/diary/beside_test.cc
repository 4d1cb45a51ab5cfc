// The owner turns the link that the diary's name is, or puts a file in its place, while no server runs.
#include "server/diary/beside.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "server/diary/identity.h"
#include "tests/server/diary/diary_fixture.h"
#include "tests/support/hush.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

/// The diary's name is a link; entries 0 and 1 were saved, and the server has ended.
struct LinkedDiary : DiaryFixture {
  std::string target = folder.path("far/d.log");
  std::string id;

  LinkedDiary() {
    fs::create_directory(folder.path("far"));
    link_to(target);
    open();
    append(entry(0));
    append(entry(1));
    id = identity();
    diary.reset();
  }

  void link_to(const std::string& path) const {
    fs::remove(file);
    fs::create_symlink(path, file);
  }

  std::string identity() const { return identify_diary(diary->real_path()).id; }

  /// As `sed -i` does: the link is a link no more.
  void save_in_place_of_link(const std::string& text) const { replace_by_hand(file, text); }

  /// The next server finds the diary's identity, tells of entry 1 and of nothing else, once.
  void check_goes_on() {
    open();
    CHECK(identity() == id);
    CHECK(read_file(kept("missing")) == entry(1));
    const std::string real = fs::canonical(file);
    CHECK(fs::exists(real + ".ring"));
    for (const std::string& left : {target, file}) {
      if (left != real) CHECK_FALSE(fs::exists(left + ".id"));
    }
    append(entry(2));
    reports.clear();
    open();
    CHECK(reports.empty());
    CHECK(identity() == id);
    CHECK(contents() == entry(0) + entry(2));
  }
};

}  // namespace

TEST_CASE_FIXTURE(LinkedDiary, "what a save in the link's place has left out is missing, and the identity stays") {
  save_in_place_of_link(entry(0));
  check_goes_on();
  CHECK_FALSE(fs::exists(file + ".place"));
  CHECK(read_file(target) == entry(0) + entry(1));
}

TEST_CASE_FIXTURE(LinkedDiary, "what an older copy lacks to which the link was turned is missing") {
  write_file(folder.path("older.log"), entry(0));
  link_to(folder.path("older.log"));
  SUBCASE("and the file before was removed") {
    fs::remove(target);
  }
  SUBCASE("and the file before is still there") {}
  check_goes_on();
}

TEST_CASE_FIXTURE(LinkedDiary, "a diary that is moved and linked to goes on there") {
  save_in_place_of_link(entry(0) + entry(1));
  open();
  diary.reset();
  fs::rename(file, folder.path("moved.log"));
  write_file(folder.path("moved.log"), entry(0));
  link_to(folder.path("moved.log"));
  check_goes_on();
}

TEST_CASE_FIXTURE(LinkedDiary, "a link that leads nowhere makes a file there, and what was saved is missing") {
  link_to(folder.path("new.log"));
  open();
  CHECK(identity() == id);
  CHECK(read_file(kept("missing")) == entry(0) + entry(1));
  CHECK(fs::exists(folder.path("new.log.ring")));
}

TEST_CASE_FIXTURE(LinkedDiary,
                  "two diaries between which a link is turned stay two, and nothing is missing in either") {
  const std::string other = folder.path("other.log");
  link_to(other);
  fs::rename(target, folder.path("aside"));  // so that it is a diary of its own
  fs::rename(target + ".ring", folder.path("aside.ring"));
  fs::rename(target + ".id", folder.path("aside.id"));
  fs::remove(file + ".place");
  open();
  append(entry(5));
  const std::string other_id = identity();
  diary.reset();
  CHECK(other_id != id);
  for (const char* const name : {"", ".ring", ".id"}) fs::rename(folder.path("aside") + name, target + name);
  const std::string first_id = id;
  for (int turn = 0; turn < 3; ++turn) {
    CAPTURE(turn);
    const bool first = turn % 2 == 0;
    link_to(first ? target : other);
    open();
    CHECK(identity() == (first ? first_id : other_id));
    CHECK(kept("missing").empty());
    append(entry(10 + turn));
    diary.reset();
  }
}

TEST_CASE_FIXTURE(LinkedDiary, "of two diaries between which a link is turned, what either lost is kept") {
  const std::string other = folder.path("other.log");
  write_file(other, entry(5) + entry(6));
  fs::create_symlink(other, folder.path("name"));
  {
    Diary served(folder.path("name"), ignore, clock);
    served.add(entry(7));
    REQUIRE(served.commit().saved());
  }
  link_to(other);
  SUBCASE("with the file that the link led to") {
    fs::remove(target);
    open();
    CHECK(read_file(kept("missing")) == entry(0) + entry(1));
  }
  SUBCASE("by an edit of the one that it leads to now") {
    write_file(other, entry(5) + entry(6));
    open();
    const std::string missing = read_file(kept("missing"));
    CHECK(missing.find(entry(7)) != std::string::npos);
    CHECK(missing.find(entry(1)) != std::string::npos);
  }
  diary.reset();
  CHECK(Whereabouts(file).all().front() == other);
}

TEST_CASE_FIXTURE(LinkedDiary, "a server that dies while it follows the link leaves all of it to the next") {
  for (const char* const full : {".ring.new", ".id.new", ".place.new", ".missing."}) {
    CAPTURE(full);
    LinkedDiary linked;
    const UseDisk use(linked.disk);
    linked.disk.full_for = full;
    linked.save_in_place_of_link(entry(0));
    try {
      linked.open();
      linked.diary->add(entry(3));
      CHECK_FALSE(linked.diary->commit().saved());
    } catch (const Error&) {
      // It may not start at all.
    }
    linked.diary.reset();
    linked.disk.full_for.clear();
    linked.check_goes_on();
  }
}

TEST_CASE_FIXTURE(LinkedDiary, "what lay on a disk that was away is looked for when it is there again") {
  fs::rename(folder.path("far"), folder.path("away"));
  save_in_place_of_link(entry(0));
  open();
  CHECK(kept("missing").empty());
  CHECK(diary->untold().text().find("'" + target + "', which is not there now") != std::string::npos);
  append(entry(2));
  fs::rename(folder.path("away"), folder.path("far"));
  open();
  CHECK(read_file(kept("missing")) == entry(1));
  CHECK(contents() == entry(0) + entry(2));
}

TEST_CASE_FIXTURE(LinkedDiary, "times that a purge has closed stay closed behind the link's end") {
  const Timestamp time{1'446'038'763'417'293, 480};
  ClosedTimes closed;
  closed.add({time});
  closed.keep(target);
  SUBCASE("right behind the purge, which leaves no ring") {
    fs::remove(target + ".ring");
  }
  SUBCASE("later") {}
  save_in_place_of_link(entry(0) + entry(1));
  open();
  CHECK(diary->is_closed(time));
  CHECK(open().is_closed(time));
}

TEST_CASE_FIXTURE(DiaryFixture, "while a server runs, a ring that lies where the link leads counts, too") {
  fs::create_directory(folder.path("far"));
  const std::string other = folder.path("far/other.log");
  {
    write_file(other, "");
    Diary served(other, ignore, clock);
    served.add(entry(7));
    REQUIRE(served.commit().saved());
  }
  write_file(other, "");
  open(entry(0));
  CHECK(append(entry(1)).saved());
  fs::create_symlink(other, folder.path("link"));
  fs::rename(folder.path("link"), file);
  CHECK(changed());
  for (int turn = 0; turn < 3; ++turn) {
    clock.steady_now += std::chrono::seconds(2);
    diary->check_for_changes();
  }
  std::string missing;
  for (const auto& item : fs::directory_iterator(folder.path())) {
    if (item.path().string().find(".missing.") != std::string::npos) missing += read_file(item.path());
  }
  CHECK(missing.find(entry(1)) != std::string::npos);
  CHECK(missing.find(entry(7)) != std::string::npos);
}

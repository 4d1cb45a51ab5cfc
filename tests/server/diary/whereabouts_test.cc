#include "server/diary/whereabouts.h"

#include <doctest/doctest.h>
#include <sys/file.h>

#include <filesystem>
#include <string>
#include <vector>

#include "common/os/unique_fd.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

using Paths = std::vector<std::string>;

struct Placed {
  TemporaryFolder folder;
  std::string name = folder.path("diary");
  std::string note = name + ".place";
  std::string far = folder.path("far.log");
  std::string farther = folder.path("farther.log");
};

}  // namespace

TEST_CASE_FIXTURE(Placed, "a name that never led elsewhere means the file beside it, and needs no note") {
  Whereabouts place(name);
  CHECK(place.all() == Paths{name});
  place.lead_to(name);
  place.settle();
  CHECK_FALSE(fs::exists(note));
}

TEST_CASE_FIXTURE(Placed, "where the name led is known to the next, with what is not done with, until it settles") {
  Whereabouts(name).lead_to(far);
  CHECK((fs::status(note).permissions() & fs::perms::mask) == fs::perms(0600));
  Whereabouts next(name);
  CHECK(next.all() == Paths{far, name});
  next.lead_to(farther);
  CHECK(Whereabouts(name).all() == Paths{farther, far, name});
  next.settle();
  CHECK(Whereabouts(name).all() == Paths{farther});
  next.lead_to(name);
  CHECK(Whereabouts(name).all() == Paths{name, farther});
  next.settle();
  CHECK_FALSE(fs::exists(note));
  CHECK(Whereabouts(name).all() == Paths{name});
}

TEST_CASE_FIXTURE(Placed, "a name in a folder that a link leads to has its note where the folder is") {
  fs::create_directory(folder.path("real"));
  fs::create_directory_symlink(folder.path("real"), folder.path("link"));
  CHECK(place_beside(folder.path("link/diary")) == folder.path("real/diary"));
  CHECK(Whereabouts(folder.path("link/diary")).all() == Paths{folder.path("real/diary")});
}

TEST_CASE_FIXTURE(Placed, "a copy of the note and a damaged one count for nothing") {
  Whereabouts place(name);
  place.lead_to(far);
  place.settle();
  const std::string text = read_file(note);
  REQUIRE(Whereabouts(name).all() == Paths{far});
  fs::create_directory(folder.path("copy"));
  fs::copy(note, folder.path("copy/diary.place"));
  CHECK(Whereabouts(folder.path("copy/diary")).all() == Paths{folder.path("copy/diary")});
  for (std::size_t size = 0; size < text.size(); ++size) {
    write_file(note, text.substr(0, size));
    CHECK(Whereabouts(name).all() == Paths{name});
  }
  write_file(note, text);
  CHECK(Whereabouts(name).all() == Paths{far});
}

TEST_CASE_FIXTURE(Placed, "a folder that was moved, or put back from a copy, takes the note along") {
  fs::create_directory(folder.path("home"));
  Whereabouts(folder.path("home/diary")).lead_to(far);
  fs::rename(folder.path("home"), folder.path("moved"));
  CHECK(Whereabouts(folder.path("moved/diary")).all().front() == far);
  fs::copy(folder.path("moved"), folder.path("home"));
  CHECK(Whereabouts(folder.path("home/diary")).all().front() == far);
  fs::remove_all(folder.path("home"));
  fs::create_directory_symlink(folder.path("moved"), folder.path("home"));
  CHECK(Whereabouts(folder.path("home/diary")).all().front() == far);
}

TEST_CASE_FIXTURE(Placed, "what lies in a folder that is not there is not done with") {
  const std::string away = folder.path("disk/d.log");
  fs::create_directory(folder.path("disk"));
  Whereabouts(name).lead_to(away);
  fs::remove(folder.path("disk"));
  Whereabouts place(name);
  place.lead_to(far);
  place.settle();
  CHECK(place.away() == Paths{away});
  CHECK(Whereabouts(name).all() == Paths{far, away});
  fs::create_directory(folder.path("disk"));
  place.settle();
  CHECK(Whereabouts(name).all() == Paths{far});
}

TEST_CASE_FIXTURE(Placed, "it remembers so many places and no more, and what nobody can name is one line") {
  Whereabouts place(name);
  for (std::size_t i = 0; i < 2 * Whereabouts::most; ++i) place.lead_to(folder.path("名字\n" + std::to_string(i)));
  const Paths known = Whereabouts(name).all();
  CHECK(known.size() == Whereabouts::most);
  CHECK(known.front() == folder.path("名字\n15"));
}

TEST_CASE_FIXTURE(Placed, "a file that another server has is left to it") {
  write_file(far, "");
  Whereabouts(name).lead_to(far);
  {
    const UniqueFd served(open(far.c_str(), O_RDWR | O_CLOEXEC));
    REQUIRE(flock(served.get(), LOCK_EX | LOCK_NB) == 0);
    CHECK(Whereabouts(name).all() == Paths{name});
    CHECK(noted_places(name) == Paths{far, name});
  }
  CHECK(Whereabouts(name).all() == Paths{far, name});
}

#include "server/diary/audit.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <optional>
#include <string>
#include <string_view>

#include "common/os/disk.h"
#include "common/os/unique_fd.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

/// A diary that its owner has changed to `next`, and what is in doubt.
struct Audited {
  explicit Audited(const std::string& next) {
    write_file(folder.path("diary"), next);
    fd.reset(::open(folder.path("diary").c_str(), O_RDONLY | O_CLOEXEC));
    size = next.size();
  }

  UniqueFd old(const std::string& contents) const {
    write_file(folder.path("old"), contents);
    return UniqueFd(::open(folder.path("old").c_str(), O_RDONLY | O_CLOEXEC));
  }

  /// Goes on to the end. Returns what is kept.
  std::string missing(std::size_t budget = std::size_t{1} << 20) {
    std::optional<Audit::Outcome> outcome;
    for (steps = 1; !(outcome = audit.step(fd.get(), size, budget)); ++steps) REQUIRE(steps < 100'000);
    CHECK((outcome->missing == 0) == outcome->file.empty());
    if (outcome->file.empty()) return {};
    CHECK(outcome->file.starts_with(folder.path("diary.missing.")));
    return read_file(outcome->file);
  }

  TemporaryFolder folder;
  UniqueFd fd;
  std::size_t size = 0;
  Audit audit{folder.path("diary")};
  Ring ring{folder.path("diary.ring")};
  int steps = 0;
};

/// What would be kept of `old`, from `begin` on, if `next` took its place.
std::string missing(const std::string& old, const std::string& next, std::size_t begin = 0) {
  Audited audited(next);
  audited.audit.doubt(audited.old(old), begin, old.size());
  return audited.missing();
}

/// The same for what was noted in the ring.
std::string missing_of_ring(const std::string& noted, const std::string& next) {
  Audited audited(next);
  audited.ring.note(0, noted);
  audited.audit.doubt(audited.ring);
  return audited.missing();
}

std::string with_crlf(std::string_view text) {
  std::string crlf;
  for (const char c : text) {
    if (c == '\n') crlf += '\r';
    crlf += c;
  }
  return crlf;
}

}  // namespace

TEST_CASE("nothing is missing from a file that holds all, wherever and whatever else") {
  const std::string old = entries(0, 10);
  CHECK(missing(old, old) == "");
  CHECK(missing(old, old + "a note\n") == "");
  CHECK(missing(old, "a note\n\n" + old) == "");
  CHECK(missing(old, entries(5, 10) + "a note\n" + entries(0, 5)) == "");
  CHECK(missing(old, old.substr(0, old.size() - 1)) == "");
  CHECK(missing(old, old.substr(0, old.size() - 2)) == "");
}

TEST_CASE("entries that the new file lacks are kept in their order") {
  const std::string old = entries(0, 10);
  CHECK(missing(old, "") == old);
  CHECK(missing(old, entries(0, 8)) == entries(8, 10));
  CHECK(missing(old, "a note\n\n" + entries(0, 8)) == entries(8, 10));
  CHECK(missing(old, entries(0, 3) + entries(5, 8)) == entries(3, 5) + entries(8, 10));
  CHECK(missing(old, old.substr(0, old.size() - 4)) == entry(9));
}

TEST_CASE("an entry that was changed is kept as it was") {
  std::string next = entries(0, 10);
  next.replace(next.find("第4条"), 5, "第四条");
  CHECK(missing(entries(0, 10), next) == entry(4));
}

TEST_CASE("only what the server wrote itself is looked for") {
  const std::string before = entries(0, 5);
  CHECK(missing(before + entries(5, 10), "", before.size()) == entries(5, 10));
  CHECK(missing(before + "a note\n\n" + entry(5), "", before.size()) == entry(5));
}

TEST_CASE("more entries than are looked for at once") {
  const std::string old = entries(0, 150'000);
  CHECK(missing(old, "a note\n" + entries(1, 149'999)) == entry(0) + entry(149'999));
}

TEST_CASE("what a tool does to the ends of lines takes no entry away") {
  const std::string two = entry(1, "一\n\n  [二\n三") + entry(2);
  std::string crlf;
  std::string blanks;
  for (const char c : two) {
    if (c == '\n') crlf += '\r';
    if (c == '\n') blanks += "  ";
    crlf += c;
    blanks += c;
  }
  std::string stripped = two;
  for (std::size_t at = 0; (at = stripped.find(" \n")) != std::string::npos;) stripped.erase(at, 1);
  CHECK(missing_of_ring(two, crlf) == "");
  CHECK(missing_of_ring(two, blanks) == "");
  CHECK(missing_of_ring(two, stripped) == "");
  CHECK(missing_of_ring(crlf, two) == "");
  CHECK(missing_of_ring(two, entry(1, "一\n\n  [二") + entry(2)) == entry(1, "一\n\n  [二\n三"));
}

TEST_CASE("an entry that is glued to other text, or goes on, is another one") {
  CHECK(missing_of_ring(entry(1), "note" + entry(1)) == entry(1));
  CHECK(missing_of_ring(entry(1), entry(1).substr(0, entry(1).size() - 1) + "more\n\n") == entry(1));
  CHECK(missing_of_ring(entry(1), "note\n" + entry(1)) == "");
}

TEST_CASE("what ring and old diary both hold is kept once") {
  Audited audited("");
  audited.ring.note(0, entries(5, 10));
  audited.audit.doubt(audited.ring);
  audited.audit.doubt(audited.old(entries(0, 10)), 0, entries(0, 10).size());
  CHECK(audited.missing() == entries(5, 10) + entries(0, 5));
}

TEST_CASE("what ring and old diary both hold is kept once, though a tool had made the old one's lines end otherwise") {
  const std::string one = entry(1, "一\n\n二");
  const std::string two = entry(2);
  const std::string crlf = with_crlf(one + "a note\n\n" + two + entry(3));
  Audited audited(entry(3));
  audited.ring.note(0, one + two);
  audited.audit.doubt(audited.ring);
  audited.audit.doubt(audited.old(crlf), 0, crlf.size());
  CHECK(audited.missing() == one + two);
}

TEST_CASE("of an old diary with CRLF each entry is looked for by itself") {
  CHECK(missing(with_crlf(entry(1) + "a note\n\n" + entry(2)), entry(1)) == entry(2));
}

TEST_CASE("slices of any size come to the same end, and a diary that is changed meanwhile is looked through again") {
  const std::string text = entries(0, 20'000);
  Audited audited(text);
  audited.ring.note(0, entries(10, 300));
  audited.ring.note(0, entry(30'000));
  audited.audit.doubt(audited.ring);
  CHECK_FALSE(audited.audit.step(audited.fd.get(), audited.size, 1));
  audited.ring.note(0, entry(30'001));
  audited.audit.doubt(audited.ring);
  CHECK(audited.missing(1) == entry(30'000) + entry(30'001));
  CHECK(audited.steps > 3);
}

TEST_CASE("after a change near the front one pass is enough for all that moved") {
  const std::string old = entries(0, 150'000);
  Audited audited("a note\n" + old);
  audited.audit.doubt(audited.old(old), 0, old.size());
  CHECK(audited.missing(std::size_t{256} << 10) == "");
  CHECK(static_cast<std::size_t>(audited.steps) < 2 * old.size() / (std::size_t{256} << 10));
}

TEST_CASE("the ring knows afterwards what the diary holds, where it stands now, and nothing else") {
  const std::string text = "a note\n\n" + entry(3) + entry(4) + "another\n\n" + entry(1);
  Audited audited(text);
  audited.ring.note(1000, entries(1, 5));
  audited.audit.doubt(audited.ring);
  CHECK(audited.missing() == entry(2));
  audited.audit.renew(audited.ring, audited.fd.get());
  CHECK_FALSE(audited.audit.active());
  std::string noted;
  audited.ring.each([&](const Ring::Note& note) {
    CHECK(text.substr(note.place, note.bytes.size()) == note.bytes);
    noted += note.bytes;
  });
  CHECK(noted == entry(1) + entry(3) + entry(4));
}

TEST_CASE("what an old diary held is taken up in slices, and what of it is gone is kept") {
  std::string old;
  for (int i = 0; old.size() < 3 * Audit::at_once; ++i) old += entry(i, std::string(1000, 'x'));
  const std::string gone = entry(0, std::string(1000, 'x'));
  Audited audited(old.substr(gone.size()));
  audited.audit.doubt(audited.old(old), 0, old.size());
  CHECK(audited.missing(std::size_t{1} << 30) == gone);
  CHECK(audited.steps >= 10);
}

TEST_CASE("the last copy of an old diary is given up where freeing it holds up nobody") {
  struct : Disk {
    void close_apart(int fd) override {
      ++apart;
      close(fd);
    }
    int apart = 0;
  } watched;
  const UseDisk use(watched);
  Audited audited(entries(0, 3));
  audited.audit.doubt(audited.old(entries(0, 3)), 0, entries(0, 3).size());
  CHECK(audited.missing().empty());
  CHECK(watched.apart == 1);
}

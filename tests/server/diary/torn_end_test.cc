#include "server/diary/torn_end.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "common/diary/entry.h"
#include "common/os/unique_fd.h"
#include "tests/support/entries.h"
#include "tests/support/fake_disk.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

const std::string good = some_header + "八荣八耻\n\n";

FileEnd end_of(const std::string& contents) {
  static const TemporaryFolder folder;
  write_file(folder.path("file"), contents);
  const UniqueFd fd(::open(folder.path("file").c_str(), O_RDONLY | O_CLOEXEC));
  return look_at_end(fd.get());
}

/// Where the torn end begins; -1 for none.
long torn_at(const std::string& contents) {
  const FileEnd end = end_of(contents);
  return end.torn ? static_cast<long>(*end.torn) : -1;
}

}  // namespace

TEST_CASE("a whole file has no torn end") {
  CHECK(torn_at("") == -1);
  CHECK(torn_at("\n") == -1);
  CHECK(torn_at(good) == -1);
  CHECK(torn_at(good + good) == -1);
  CHECK_FALSE(end_of(good + good).damage);
}

TEST_CASE(
    "an append cut inside a character or followed by zeros is torn from its header on, and sound text is the owner's") {
  const std::string entry = some_header + "今天开始写日记\n第二行\n [第三行\n\n";
  for (const std::string& before : {std::string(), good, std::string("旧的日记\n\n"), std::string("旧的日记\r\n\n")}) {
    for (std::size_t cut = 1; cut < entry.size(); ++cut) {
      CAPTURE(before);
      CAPTURE(cut);
      const FileEnd end = end_of(before + entry.substr(0, cut));
      const bool in_character = (static_cast<unsigned char>(entry[cut]) & 0xc0) == 0x80;
      CHECK(end.torn == (in_character ? std::optional(before.size()) : std::nullopt));
      CHECK_FALSE(end.damage);
      const FileEnd zeros = end_of(before + entry.substr(0, cut) + std::string(entry.size() - cut, '\0'));
      CHECK(zeros.torn == before.size());
    }
  }
}

TEST_CASE("of two entries in one append only what is not whole is torn") {
  CHECK(torn_at(good + good + some_header + "\xe4\xbb") == static_cast<long>(2 * good.size()));
  CHECK(torn_at(good + good + std::string(5000, '\0')) == static_cast<long>(2 * good.size()));
  const std::string zeros(5000, '\0');
  CHECK(torn_at(good + zeros) == static_cast<long>(good.size()));
  CHECK(torn_at(good + zeros + "end of a text\n\n") == static_cast<long>(good.size()));
  CHECK(torn_at(good + some_header + "a" + zeros + "end of a text\n\n") == static_cast<long>(good.size()));
  CHECK(torn_at(good + "[2015-1" + zeros + "end of a text\n\n") == static_cast<long>(good.size()));
  CHECK(torn_at(good + some_header + "a\xe4\xbb\n\n") == static_cast<long>(good.size()));
}

TEST_CASE("text that is written over a torn end while it is looked at is not torn") {
  const TemporaryFolder folder;
  const std::string file = folder.path("file");
  FakeDisk disk;
  const UseDisk use(disk);
  const std::string torn = good + some_header + std::string(20, '\0');
  const std::string text(torn.size(), 'x');
  bool seen_torn = false;
  for (int reads = 0; reads < 5; ++reads) {
    CAPTURE(reads);
    write_file(file, torn);
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    int left = reads;
    const std::function<void()> behind_read = [&] {
      if (left-- == 0) {
        write_file(file, text);
      } else {
        disk.behind_read = behind_read;
      }
    };
    disk.behind_read = behind_read;
    const FileEnd end = look_at_end(fd.get());
    disk.behind_read = nullptr;
    if (end.torn) CHECK(end.torn_bytes == torn.substr(good.size()));
    seen_torn = seen_torn || end.torn;
  }
  CHECK(seen_torn);
}

TEST_CASE("damage with sound text after it is told and left alone") {
  const std::string zeros(10, '\0');
  const std::string damages[] = {zeros + "\n\n", some_header + "a" + zeros + "\n\n", some_header + "\xff\n\n"};
  for (const std::string& damage : damages) {
    CAPTURE(damage);
    for (const std::string& after : {good, std::string("a note\n"), std::string("a note\n\n"), std::string("note")}) {
      CAPTURE(after);
      const FileEnd end = end_of(fmt::format("{}{}{}", good, damage, after));
      CHECK_FALSE(end.torn);
      CHECK(end.damage == good.size());
    }
  }
}

TEST_CASE("text that no append of ours can have left stays") {
  const std::string texts[] = {"a note without an ending",
                               "note\n",
                               "[todo] call home",
                               "[2015-10-28] a date of the owner's own",
                               "\xc4\xe3\xba\xc3\n\nGBK\xc4",
                               "a\r\n\r\n",
                               std::string("n\0o\0t\0e", 7),
                               "a note [2015-10-28 21",
                               "note\n" + good.substr(0, 10)};
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(torn_at(text) == -1);
    CHECK(torn_at(good + text) == -1);
  }
  CHECK(torn_at(std::string("a note\0\0\0", 9)) == 6);
}

TEST_CASE("an entry whose empty line an editor took away is not torn, whatever stands before it") {
  CHECK_FALSE(end_of(some_header + "a\n" + some_header + "b\n").torn);
  CHECK_FALSE(end_of(some_header + "a\n" + some_header + "b").torn);
}

TEST_CASE("the longest entry is found torn behind the longest entry") {
  const std::string text = "a" + std::string(max_text - 2, '\n') + "b";
  REQUIRE(entry_error(text).empty());
  const std::string entry = encode({*parse_timestamp(some_header.substr(1, timestamp_length)), text});
  REQUIRE(entry.size() > 2 * max_text);
  CHECK(torn_at(entry + entry) == -1);
  const std::string torn = entry.substr(0, entry.size() - 3) + "\xe4\xbb";
  CHECK(torn_at(entry + torn) == static_cast<long>(entry.size()));
  CHECK(torn_at(entry + entry + torn) == static_cast<long>(2 * entry.size()));
  CHECK(torn_at(std::string(3 * max_encoded, 'x')) == -1);
}

TEST_CASE("of a large file only the end is read") {
  const TemporaryFolder folder;
  const UniqueFd fd(::open(folder.path("file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const std::uint64_t size = std::uint64_t{8} << 30;
  const std::string text = good + some_header + "torn\xe4\xbb";
  REQUIRE(::pwrite(fd.get(), text.data(), text.size(), static_cast<off_t>(size)) == static_cast<ssize_t>(text.size()));
  const auto read_so_far = [] {
    std::ifstream io("/proc/self/io");
    std::string name;
    std::uint64_t bytes = 0;
    io >> name >> bytes;
    return bytes;
  };
  const std::uint64_t before = read_so_far();
  CHECK(look_at_end(fd.get()).torn == size + good.size());
  CHECK(read_so_far() - before < 3 * max_encoded);
}

TEST_CASE("of an append that was cut short, its whole entries are not torn; what is no beginning of it is not at all") {
  const std::string noted = "one\n\ntwo\n\n";
  CHECK(whole_part("one\n\ntw", noted, false) == 5);
  CHECK(whole_part("on", noted, false) == 0);
  CHECK(whole_part(noted, noted, false) == noted.size());
  CHECK(whole_part("one\n\nTw", noted, false) == 7);
  CHECK(whole_part(std::string("one\n\nt\0\0", 8), noted, false) == 8);
  CHECK(whole_part(std::string("one\n\nt\0\0", 8), noted, true) == 5);
  CHECK(whole_part(std::string("one\n\nt\0x", 8), noted, true) == 8);
  CHECK(whole_part("\n", "\none\n\n", false) == 1);
}

#include "server/diary/correction_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/diary/correction.h"
#include "server/reading.h"
#include "tests/fault/sweep.h"
#include "tests/server/diary/diary_fixture.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr Timestamp named{1'446'038'763'417'294, 480};  // of entry(1)

struct CorrectionFileFixture : DiaryFixture {
  std::string beside = file + ".corrections";
  std::string tea = entry(1, "tea");
  std::string cocoa = entry(5, correction_text({{named, name_hash("tea")}, "cocoa"}));
  std::size_t read_bytes = 0;  ///< of the diary, by the last question

  /// As a session asks.
  std::string ask(const std::string& query) {
    Reading reading(*diary, Query::parse(query, {2024, 3, 1}), Reading::Of::corrected);
    std::string out;
    while (!reading.go_on(out, std::size_t{1} << 20)) {
    }
    MessageReader messages(Role::server);
    messages.feed(out);
    std::string found;
    while (const auto message = messages.next()) found += message->text;
    return found;
  }

  /// A server comes and goes.
  void end_and_start() {
    diary.reset();
    open();
  }

  void check_answers() {
    CHECK(ask("cocoa") == tea + cocoa);
    CHECK(ask("tea").empty());
  }
};

}  // namespace

TEST_CASE_FIXTURE(CorrectionFileFixture,
                  "a server that starts knows of corrections what the last one knew, and what came since") {
  open(tea + entry(2, "rain") + cocoa);
  check_answers();
  CHECK(diary->corrections().texts()->size() == entry(1, "cocoa").size());
  end_and_start();
  CHECK(diary->corrections().list().size() == 1);
  check_answers();
  const std::string coffee = entry(6, correction_text({{named, name_hash("tea")}, "coffee"}));
  append(coffee);
  diary.reset();
  open();
  CHECK(diary->corrections().list().size() == 1);  // nobody asked since
  CHECK(ask("cocoa").empty());
  CHECK(ask("coffee") == tea + coffee);
  CHECK(diary->corrections().list().size() == 2);
}

TEST_CASE_FIXTURE(CorrectionFileFixture, "whatever happens to the file beside the diary costs time and no answer") {
  open(tea + entry(2, "rain") + cocoa);
  check_answers();
  diary.reset();
  const std::string whole = read_file(beside);
  struct stat status = {};
  REQUIRE(stat(beside.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
  const auto with = [&](const std::string& bytes) {
    write_file(beside, bytes);
    open();
    check_answers();
    diary.reset();
  };
  std::filesystem::remove(beside);
  open();
  check_answers();
  diary.reset();
  const std::size_t texts = 4096;
  const std::size_t closest = distance_of_points(1);
  for (std::size_t at = 0; at < whole.size();
       at += at < 200 || at >= texts ? (at < texts + 200 ? closest : 997) : 200) {
    CAPTURE(at);
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    with(bytes);
    with(whole.substr(0, at));
  }
  std::filesystem::remove(beside);
  std::filesystem::create_directory(beside);
  open();
  check_answers();
}

TEST_CASE_FIXTURE(CorrectionFileFixture,
                  "a file beside the diary that somebody writes into under a server costs no answer") {
  open(tea + entry(2, "rain") + cocoa);
  check_answers();
  SUBCASE("cut") {
    std::filesystem::resize_file(beside, 10);
  }
  SUBCASE("removed") {
    std::filesystem::remove(beside);
  }
  SUBCASE("written over") {
    write_file(beside, std::string(10'000, 'x'));
  }
  check_answers();
  end_and_start();
  check_answers();
}

TEST_CASE_FIXTURE(CorrectionFileFixture, "where the file beside the diary can't be made, answers are the same") {
  disk.full_for = ".corrections";
  open(tea + entry(2, "rain") + cocoa);
  check_answers();
  CHECK(diary->corrections().texts() == nullptr);
  CHECK(!std::filesystem::exists(beside));
}

TEST_CASE_FIXTURE(CorrectionFileFixture, "what the owner takes out of the diary is not left beside it") {
  const std::string secret = entry(5, correction_text({{named, name_hash("tea")}, "s3cret"}));
  open(tea + secret + entry(9, "rain"));
  CHECK(ask("s3cret") == tea + secret);
  REQUIRE(read_file(beside).find("s3cret") != std::string::npos);
  SUBCASE("while a server runs") {
    replace_by_hand(file, tea + entry(9, "rain"));
    changed();
  }
  SUBCASE("while none does") {
    diary.reset();
    REQUIRE(read_file(beside).find("s3cret") != std::string::npos);
    replace_by_hand(file, tea + entry(9, "rain"));
    open();
  }
  CHECK(!std::filesystem::exists(beside));
  CHECK(ask("tea") == tea);
}

TEST_CASE_FIXTURE(CorrectionFileFixture,
                  "a small diary without corrections has no file beside it, a large one is read once") {
  open(tea);
  CHECK(ask("tea") == tea);
  diary.reset();
  CHECK(!std::filesystem::exists(beside));
  open(tea + std::string(std::size_t{5} << 20, '\n') + entry(2, "rain"));
  CHECK(ask("tea") == tea);
  diary.reset();
  CHECK(std::filesystem::exists(beside));
  open();
  std::uint64_t from = diary->durable();
  const auto read = [&](std::uint64_t offset, char* to, std::size_t size) {
    from = std::min(from, offset);
    return diary->read(offset, to, size);
  };
  append(entry(3, "snow"));
  while (!diary->corrections().step(read, diary->durable(), 1000)) {
  }
  CHECK(from > std::size_t{4} << 20);
}

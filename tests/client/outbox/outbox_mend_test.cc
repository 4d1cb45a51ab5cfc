#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <optional>

#include "client/outbox/outbox.h"
#include "tests/client/outbox/outbox_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

using Entries = std::vector<std::string>;

void keep(Outbox& outbox, const Entries& entries) {
  outbox.put(entries);
  outbox.sync();
}

std::string contents_of(const OutboxFolder& folder) {
  return joined(folder.contents(".outbox"));
}

}  // namespace

TEST_CASE("an outbox that another program changes loses nothing of what was typed lately, and says so once") {
  const std::vector<std::pair<const char*, std::function<void(const std::string&)>>> ways = {
      {"cut in an entry", [](const std::string& path) { std::filesystem::resize_file(path, 100); }},
      {"emptied", [](const std::string& path) { std::filesystem::resize_file(path, 0); }},
      {"removed", [](const std::string& path) { std::filesystem::remove(path); }},
      {"removed with its folder",
       [](const std::string& path) { std::filesystem::remove_all(std::filesystem::path(path).parent_path()); }},
      {"overwritten", [](const std::string& path) { write_file(path, std::string(read_file(path).size(), 'x')); }},
      {"replaced", [](const std::string& path) { replace_by_hand(path, "other\n"); }},
      {"moved", [](const std::string& path) { std::filesystem::rename(path, path + ".bak"); }},
      {"shifted", [](const std::string& path) { write_file(path, "first\n" + read_file(path)); }},
  };
  for (const auto& way : ways) {
    const std::string name = way.first;
    const auto& change = way.second;
    CAPTURE(name);
    const OutboxFolder folder;
    {
      Outbox outbox(folder.path(), outbox_server);
      keep(outbox, entry_list(0, 3));
      change(folder.files().at(0));
      const auto mended = outbox.mend();
      CHECK(mended.lost == 0);
      REQUIRE(mended.notices.size() == 1);
      CHECK(mended.notices[0].find("was changed by another program") != std::string::npos);
      CHECK(outbox.mend().notices.empty());
      Entries found = content(outbox);
      std::sort(found.begin(), found.end());
      CHECK(found == entry_list(0, 3));
      CHECK(outbox.waiting() == 3);
      CHECK(outbox.get(0)->in_doubt);
      for (const std::string& entry : entry_list(0, 3)) CHECK(contents_of(folder).find(entry) != std::string::npos);
    }
    Outbox next(folder.path(), outbox_server);
    CHECK(next.waiting() == 3);
  }
}

TEST_CASE("what is brought to safety stays for the diary that it was for") {
  const OutboxFolder folder;
  const std::string diary(32, '1');
  {
    Outbox outbox(folder.path(), outbox_server);
    std::vector<std::string> notices;
    REQUIRE(outbox.meet(diary, notices));
    keep(outbox, {entry(1)});
    std::filesystem::remove(folder.files().at(0));
    CHECK(outbox.mend().lost == 0);
  }
  REQUIRE(folder.files().size() == 1);
  CHECK(OutboxFile::recipient_of(folder.files().at(0)) == diary);
}

TEST_CASE("what waited in an outbox of an earlier client and was cut off is counted, and what is left goes out") {
  const OutboxFolder folder;
  const std::string path = folder.left();
  write_file(path, entries(0, 3));
  Outbox outbox(folder.path(), outbox_server);
  keep(outbox, {entry(7)});
  std::filesystem::resize_file(path, entries(0, 2).size() + 10);
  CHECK(outbox.waiting() == 4);
  CHECK(outbox.look(Outbox::Look::at_files));
  CHECK_FALSE(outbox.look());
  const auto mended = outbox.mend();
  CHECK(mended.lost == 1);
  REQUIRE(mended.notices.size() == 1);
  CHECK(mended.notices[0].find("1 of 3 entries that waited in it is gone; what is left goes out") != std::string::npos);
  CHECK(outbox.waiting() == 3);
  CHECK(content(outbox) == Entries{entry(7), entry(0), entry(1)});
  keep(outbox, {entry(8)});
  CHECK(content(outbox) == Entries{entry(7), entry(0), entry(1), entry(8)});
}

TEST_CASE("get leaves out what does not come back as it was put, look tells of it, and the entries behind come") {
  const OutboxFolder folder;
  const std::string path = folder.left();
  write_file(path, entries(0, 2));
  Outbox outbox(folder.path(), outbox_server);
  keep(outbox, {entry(7)});
  write_file(path, entries(5, 7));  // of the same length, in the same form
  CHECK(content(outbox) == Entries{entry(7)});
  CHECK(outbox.look());
  const auto mended = outbox.mend();
  CHECK(mended.lost == 2);
  CHECK(content(outbox) == Entries{entry(7), entry(5), entry(6)});  // somebody wrote them there: they go out
}

TEST_CASE("an answer for an entry that was brought to safety meanwhile takes nothing else away") {
  const OutboxFolder folder;
  Outbox outbox(folder.path(), outbox_server);
  keep(outbox, {entry(1), entry(2)});
  const std::uint64_t sent = outbox.get(0)->id;
  outbox.mark_sent(sent);
  std::filesystem::remove(folder.files().at(0));
  outbox.mend();
  outbox.remove(sent);
  CHECK(content(outbox) == Entries{entry(1), entry(2)});
}

TEST_CASE("where no new outbox can be made, what still stands in its place goes out from there") {
  const OutboxFolder folder;
  const std::string path = folder.left();
  write_file(path, entries(0, 3));
  Outbox outbox(folder.path(), outbox_server);
  std::filesystem::resize_file(path, entries(0, 1).size());
  std::filesystem::rename(folder.path(), folder.path() + ".away");
  write_file(folder.path(), "");
  const auto mended = outbox.mend();
  std::filesystem::remove(folder.path());
  std::filesystem::rename(folder.path() + ".away", folder.path());
  CHECK(mended.lost == 2);
  CHECK(content(outbox) == Entries{entry(0)});
  outbox.remove(outbox.get(0)->id);
  CHECK(folder.files().empty());
  CHECK(read_file(path + ".damaged") == entry(0));
}

TEST_CASE("what another program adds to an outbox waits for the next client") {
  const OutboxFolder folder;
  {
    Outbox outbox(folder.path(), outbox_server);
    keep(outbox, {entry(1)});
    append_by_hand(folder.files().at(0), entry(2));
    CHECK(outbox.mend().notices.empty());
    outbox.remove(outbox.get(0)->id);
  }
  Outbox next(folder.path(), outbox_server);
  CHECK(content(next) == Entries{entry(1), entry(2)});
}

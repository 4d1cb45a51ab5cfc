#include "client/outbox/outbox_scan.h"

#include <doctest/doctest.h>
#include <sys/syscall.h>

#include <cerrno>
#include <memory>

#include "client/outbox/outbox.h"
#include "common/diary/entry.h"
#include "tests/client/outbox/outbox_folder.h"
#include "tests/support/child.h"
#include "tests/support/files.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("an end cut at any byte is moved aside, every whole entry goes out, nothing is left over") {
  const std::string whole = entries(0, 3);
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    CAPTURE(cut);
    const OutboxFolder folder;
    write_file(folder.left(), whole.substr(0, cut));
    std::size_t count = 0;
    std::size_t good = 0;
    while (count < 3 && good + entry(static_cast<int>(count)).size() <= cut) {
      good += entry(static_cast<int>(count++)).size();
    }
    Outbox outbox(folder.path(), outbox_server);
    CHECK(content(outbox) == entry_list(0, static_cast<int>(count)));
    const std::string moved = joined(folder.contents(".outbox.torn."));
    CHECK(moved == whole.substr(good, cut - good));
    CHECK(outbox.notices().size() == (count > 0 ? 1U : 0U) + (moved.empty() ? 0U : 1U));
    if (count > 0) CHECK(read_file(folder.left()) == whole.substr(0, good));
    while (const auto item = outbox.get(0)) outbox.remove(item->id);
    CHECK(folder.files().empty());
  }
}

TEST_CASE("zeros, half a character and foreign bytes are kept beside it, wherever they are, and the rest goes out") {
  const std::string zeros(5000, '\0');
  const std::string good = entry(0) + entry(1);
  struct Case {
    std::string before, torn;
    bool damaged;  // what is left of it, too
  };
  const std::vector<Case> cases = {
      {good, zeros, false},
      {good, entry(2).substr(0, 40) + zeros, false},
      {good, entry(2).substr(0, header_length + 1), false},
      {zeros + "\n" + good, "", true},
      {entry(0) + "a note\n\n" + entry(1), "", true},
      {"x\n" + entry(0) + "y\n" + entry(1), "z", true},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(i);
    const auto& [before, torn, damaged] = cases[i];
    const OutboxFolder folder;
    write_file(folder.left(), before + torn);
    for (int start = 0; start < 3; ++start) {  // what was moved away once is not there again
      CAPTURE(start);
      Outbox outbox(folder.path(), outbox_server);
      CHECK(content(outbox) == entry_list(0, 2));
      CHECK(joined(folder.contents(".torn.")) == torn);
      CHECK(folder.contents(".torn.").size() == (torn.empty() ? 0 : 1));
      CHECK(read_file(folder.left()) == before);
      CHECK(outbox.notices().size() == (damaged || start == 0 ? 2 : 1));
      if (start < 2) continue;
      while (const auto item = outbox.get(0)) outbox.remove(item->id);
    }
    CHECK(folder.files().empty());
    CHECK(folder.contents(".outbox.damaged") == (damaged ? std::vector{before} : std::vector<std::string>{}));
  }
}

TEST_CASE("damage that can't be moved aside stays in the file, and the file stays") {
  const OutboxFolder folder;
  write_file(folder.left(), entry(0) + "half");
  const int status = in_child([&] {
    if (!fail_call(SYS_fsync, EIO)) return 2;
    auto outbox = std::make_unique<Outbox>(folder.path(), outbox_server);
    if (content(*outbox) != entry_list(0, 1)) return 3;
    if (outbox->notices().empty() || outbox->notices()[0].find("Input/output error") == std::string::npos) return 4;
    outbox->remove(outbox->get(0)->id);
    const bool empty = outbox->waiting() == 0;
    outbox.reset();
    return empty ? 0 : 5;
  });
  CHECK(status == 0);
  CHECK(folder.files().empty());
  CHECK(folder.contents(".torn.").empty());
  CHECK(read_file(folder.left() + ".damaged") == entry(0) + "half");
}

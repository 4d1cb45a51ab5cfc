#include "client/outbox.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

#include "common/entry.h"
#include "common/error.h"
#include "common/wake_pipe.h"

using namespace md2;
namespace fs = std::filesystem;

namespace {

constexpr const char* server = "127.0.0.1:5000";

struct Folder {
  Folder() {
    char name[] = "/tmp/md2-outbox-XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { fs::remove_all(path); }
  std::vector<std::string> files(const std::string& ending = ".outbox") const {
    std::vector<std::string> found;
    for (const auto& file : fs::directory_iterator(path)) {
      if (file.path().string().ends_with(ending)) found.push_back(file.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  /// What the files with `part` in their names hold.
  std::vector<std::string> contents(const std::string& part) const;
  std::string path;
};

std::string entry(int number, const std::string& text = "第 {} 条\n第二行") {
  return encode({{1'445'000'000'000'000 + number, 480}, fmt::format(fmt::runtime(text), number)});
}

std::vector<std::string> entries(int from, int to) {
  std::vector<std::string> out;
  for (int i = from; i < to; ++i) out.push_back(entry(i));
  return out;
}

/// All that waits, in the order of sending.
std::vector<std::string> content(const Outbox& outbox) {
  std::vector<std::string> out;
  for (auto item = outbox.get(0); item; item = outbox.get(item->id + 1)) out.push_back(item->encoded);
  return out;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> Folder::contents(const std::string& part) const {
  std::vector<std::string> found;
  for (const auto& file : fs::directory_iterator(path)) {
    if (file.path().string().find(part) != std::string::npos) found.push_back(read_file(file.path()));
  }
  return found;
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += part;
  return out;
}

/// The name of an outbox that a client which died has left.
std::string left_name(const Folder& folder, int age = 1) {
  return fmt::format("{}/127.0.0.1_5000@2015102{}T132603.417293-4711.outbox", folder.path, age);
}

/// Runs `work` in a process of its own and gives its exit status, -SIGNAL if it was killed.
int in_child(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("an outbox without entries leaves no trace") {
  const Folder folder;
  {
    const Outbox outbox(folder.path + "/new/outbox", server);
    CHECK(outbox.waiting() == 0);
    CHECK_FALSE(outbox.get(0));
    CHECK(outbox.notices().empty());
  }
  CHECK(fs::is_empty(folder.path + "/new/outbox"));
}

TEST_CASE("what was put stands in one private file in diary format and comes out in order") {
  const Folder folder;
  Outbox outbox(folder.path, server);
  outbox.put({entry(0)});
  outbox.put(entries(1, 100));
  REQUIRE(folder.files().size() == 1);
  CHECK(read_file(folder.files()[0]) == joined(entries(0, 100)));
  struct stat status {};
  REQUIRE(stat(folder.files()[0].c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(content(outbox) == entries(0, 100));
  CHECK(outbox.waiting() == 100);
}

TEST_CASE("ids rise by one, and an entry is in doubt once it was sent") {
  const Folder folder;
  Outbox outbox(folder.path, server);
  outbox.put(entries(0, 3));
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

TEST_CASE("saved entries leave in any order, the file is empty when all have, and the ids go on") {
  const Folder folder;
  Outbox outbox(folder.path, server);
  outbox.put(entries(0, 3));
  const std::uint64_t id = outbox.get(0)->id;
  outbox.remove(id + 1);
  CHECK(content(outbox) == std::vector{entry(0), entry(2)});
  outbox.remove(id + 1);
  outbox.remove(id);
  CHECK(outbox.waiting() == 1);
  outbox.remove(id + 2);
  CHECK(outbox.waiting() == 0);
  CHECK(fs::file_size(folder.files().at(0)) == 0);
  outbox.put({entry(7)});
  CHECK(outbox.get(0)->id == id + 3);
  CHECK(outbox.get(0)->encoded == entry(7));
  CHECK(read_file(folder.files().at(0)) == entry(7));
}

TEST_CASE("a client that ends leaves a file only with entries that wait, and the next one adopts it") {
  const Folder folder;
  {
    Outbox outbox(folder.path, server);
    outbox.put(entries(0, 3));
  }
  CHECK(folder.files().size() == 1);
  {
    Outbox outbox(folder.path, server);
    CHECK(outbox.adopted() == 3);
    REQUIRE(outbox.notices().size() == 1);
    CHECK(outbox.notices()[0] ==
          fmt::format("3 entries that an earlier md2client could not send yet were found in '{}'; they go out now",
                      folder.files()[0]));
    outbox.put({entry(3)});
    CHECK(content(outbox) == entries(0, 4));
    CHECK(outbox.get(0)->in_doubt);
    CHECK_FALSE(outbox.get(outbox.get(0)->id + 3)->in_doubt);
    CHECK(folder.files().size() == 2);
    for (int i = 0; i < 3; ++i) outbox.remove(outbox.get(0)->id);
    CHECK(folder.files().size() == 1);
    outbox.remove(outbox.get(0)->id);
  }
  CHECK(folder.files().empty());
}

TEST_CASE("the oldest outbox goes first") {
  const Folder folder;
  write_file(left_name(folder, 3), entry(3));
  write_file(left_name(folder, 1), entry(1));
  write_file(left_name(folder, 2), entry(2));
  const Outbox outbox(folder.path, server);
  CHECK(content(outbox) == entries(1, 4));
  REQUIRE(outbox.notices().size() == 1);
  CHECK(outbox.notices()[0].find("3 entries") != std::string::npos);
  CHECK(outbox.notices()[0].find("3 outboxes below") != std::string::npos);
}

TEST_CASE("an outbox for another server and files that are none are left alone") {
  const Folder folder;
  for (const char* const other : {"127.0.0.1:50000", "127.0.0.1:500", "[::1]:5000", "a@b:1", "../x:5000", ".:1"}) {
    Outbox(folder.path, other).put({entry(1)});
  }
  write_file(folder.path + "/127.0.0.1_5000@x.outbox.torn.y", entry(1));
  write_file(folder.path + "/history", "x");
  CHECK(folder.files().size() == 6);
  CHECK(Outbox(folder.path, server).adopted() == 0);
  CHECK(folder.files().size() == 6);
  CHECK(Outbox(folder.path, "../x:5000").adopted() == 1);
  CHECK(Outbox(folder.path, "[::1]:5000").adopted() == 1);
}

TEST_CASE("the outbox of a client that lives is not touched") {
  const Folder folder;
  Outbox alive(folder.path, server);
  alive.put(entries(0, 2));
  const Outbox other(folder.path, server);
  CHECK(other.adopted() == 0);
  CHECK(content(alive) == entries(0, 2));
}

TEST_CASE("what is no readable file is reported and left") {
  const Folder folder;
  fs::create_directory(left_name(folder, 1));
  REQUIRE(mkfifo(left_name(folder, 2).c_str(), 0600) == 0);
  write_file(folder.path + "/elsewhere", entry(1));
  fs::create_symlink(folder.path + "/elsewhere", left_name(folder, 3));
  Outbox outbox(folder.path, server);
  CHECK(outbox.notices().size() == 3);
  CHECK(outbox.adopted() == 0);
  outbox.put({entry(5)});
  CHECK(folder.files().size() == 4);
}

TEST_CASE("an end cut at any byte is moved aside, every whole entry goes out, nothing is left over") {
  const std::string whole = joined(entries(0, 3));
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    CAPTURE(cut);
    const Folder folder;
    write_file(left_name(folder), whole.substr(0, cut));
    std::size_t count = 0;
    std::size_t good = 0;
    while (count < 3 && good + entry(static_cast<int>(count)).size() <= cut) {
      good += entry(static_cast<int>(count++)).size();
    }
    Outbox outbox(folder.path, server);
    CHECK(content(outbox) == entries(0, static_cast<int>(count)));
    const std::string moved = joined(folder.contents(".outbox.torn."));
    CHECK(moved == whole.substr(good, cut - good));
    CHECK(outbox.notices().size() == (count > 0 ? 1U : 0U) + (moved.empty() ? 0U : 1U));
    if (count > 0) CHECK(read_file(left_name(folder)) == whole.substr(0, good));
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
    const Folder folder;
    write_file(left_name(folder), before + torn);
    for (int start = 0; start < 3; ++start) {  // what was moved away once is not there again
      CAPTURE(start);
      Outbox outbox(folder.path, server);
      CHECK(content(outbox) == entries(0, 2));
      CHECK(joined(folder.contents(".torn.")) == torn);
      CHECK(folder.contents(".torn.").size() == (torn.empty() ? 0 : 1));
      CHECK(read_file(left_name(folder)) == before);
      CHECK(outbox.notices().size() == (damaged || start == 0 ? 2 : 1));
      if (start < 2) continue;
      while (const auto item = outbox.get(0)) outbox.remove(item->id);
    }
    CHECK(folder.files().empty());
    CHECK(folder.contents(".outbox.damaged") == (damaged ? std::vector{before} : std::vector<std::string>{}));
  }
}

TEST_CASE("damage that can't be moved aside stays in the file, and the file stays") {
  const Folder folder;
  write_file(left_name(folder), entry(0) + "half");
  const int status = in_child([&] {
    // No new file can be made: the limit on descriptors leaves room for the outbox alone.
    const int next = dup(0);
    ::close(next);
    const rlimit limit{static_cast<rlim_t>(next) + 1, static_cast<rlim_t>(next) + 1};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return 2;
    auto outbox = std::make_unique<Outbox>(folder.path, server);
    if (content(*outbox) != entries(0, 1)) return 3;
    if (outbox->notices().empty() || outbox->notices()[0].find("Too many open files") == std::string::npos) return 4;
    outbox->remove(outbox->get(0)->id);
    const bool empty = outbox->waiting() == 0;
    outbox.reset();
    return empty ? 0 : 5;
  });
  CHECK(status == 0);
  CHECK(folder.files().empty());
  CHECK(read_file(left_name(folder) + ".damaged") == entry(0) + "half");
}

TEST_CASE("a full disk: nothing of the put is kept, what was there is safe, and the next put works") {
  const Folder folder;
  const std::string big = entry(9, std::string(3000, 'x'));
  CHECK(in_child([&] {
          signal(SIGXFSZ, SIG_IGN);
          Outbox outbox(folder.path, server);
          outbox.put(entries(0, 2));
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
          if (content(outbox) != entries(0, 2)) return 3;
          const rlimit room{RLIM_INFINITY, RLIM_INFINITY};
          setrlimit(RLIMIT_FSIZE, &room);
          outbox.put({entry(2)});
          return content(outbox) == entries(0, 3) ? 0 : 4;
        }) == 0);
  REQUIRE(folder.files().size() == 1);
  CHECK(read_file(folder.files()[0]) == joined(entries(0, 3)));
}

TEST_CASE("a folder that takes no file: the put says so and nothing is kept") {
  const Folder folder;
  Outbox outbox(folder.path + "/gone", server);
  fs::remove(folder.path + "/gone");
  CHECK_THROWS_WITH_AS(outbox.put({entry(0)}), doctest::Contains("cannot make outbox"), Error);
  CHECK(outbox.waiting() == 0);
  fs::create_directory(folder.path + "/gone");
  outbox.put({entry(0)});
  CHECK(outbox.waiting() == 1);
}

TEST_CASE("a file that was deleted under the client is given up, its entries still go out, and a new one is made") {
  const Folder folder;
  Outbox outbox(folder.path, server);
  outbox.put({entry(0)});
  fs::remove(folder.files()[0]);
  outbox.put({entry(1)});
  CHECK(content(outbox) == entries(0, 2));
  REQUIRE(folder.files().size() == 1);
  CHECK(read_file(folder.files()[0]) == entry(1));
}

TEST_CASE("an entry of the greatest size and many small ones go through") {
  const Folder folder;
  Outbox outbox(folder.path, server);
  const std::string greatest = entry(0, std::string(max_text, 'x'));
  outbox.put(entries(0, 5000));
  outbox.put({greatest});
  outbox.put(entries(5000, 6000));
  auto expected = entries(0, 5000);
  expected.push_back(greatest);
  for (auto& e : entries(5000, 6000)) expected.push_back(e);
  CHECK(content(outbox) == expected);
  CHECK(content(outbox) == expected);
}

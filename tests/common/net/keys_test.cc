#include "common/net/keys.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <set>
#include <thread>

#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace md2 {
namespace {

const std::string hex_a = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const std::string hex_b = "FFEEDDCCBBAA99887766554433221100FFEEDDCCBBAA99887766554433221100";

/// A folder for key files.
class Folder : public test::TemporaryFolder {
 public:
  std::string write(const std::string& text, mode_t mode = 0600) const {
    std::string file = path("keys");
    test::write_file(file, text);
    chmod(file.c_str(), mode);
    return file;
  }

  std::ptrdiff_t files() const {
    return std::distance(std::filesystem::directory_iterator(path()), std::filesystem::directory_iterator());
  }
};

template <typename Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

std::string parse_error(const std::string& text) {
  return error_of([&] { parse_keys(text, "/f"); });
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a key file as psktool and stunnel write it is read") {
  const auto keys =
      parse_keys("# a comment\n\nlaptop:" + hex_a + "\n  \t\nalice@tablet:" + hex_b + " \r\n#x:y\n", "/f");
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].identity == "laptop");
  CHECK(keys[0].secret[1] == 0x11);
  CHECK(keys[0].secret[31] == 0xff);
  CHECK(keys[1].identity == "alice@tablet");
  CHECK(keys[1].secret[0] == 0xff);
  CHECK_FALSE(keys[0] == keys[1]);
  CHECK(parse_keys("a:" + hex_a, "/f").size() == 1);  // no newline at the end
  CHECK(parse_keys("", "/f").empty());
}

TEST_CASE("a bad line is named by its number, and what it holds is not shown") {
  const std::string good = "a:" + hex_a + "\n";
  CHECK(has(parse_error(good + hex_b + "\n"), "line 2 is not identity:hexkey"));
  CHECK(has(parse_error(good + "#\nb:" + hex_b.substr(1) + "\n"), "the key in line 3"));
  CHECK(has(parse_error("b:" + hex_b + "00\n"), "the key in line 1"));
  CHECK(has(parse_error("b:" + hex_b.substr(1) + "g\n"), "the key in line 1"));
  CHECK(has(parse_error(":" + hex_b + "\n"), "the identity in line 1"));
  CHECK(has(parse_error("my key:" + hex_b + "\n"), "the identity in line 1"));
  CHECK(has(parse_error("\x1b[2J:" + hex_b + "\n"), "the identity in line 1"));
  CHECK(has(parse_error(std::string(65, 'x') + ":" + hex_b + "\n"), "the identity in line 1"));
  CHECK(has(parse_error(good + "b:" + hex_b + "\na:" + hex_b + "\n"), "line 3 has the identity 'a' of a line before"));
  for (const auto& text : {good + hex_b, "b:" + hex_b + "0", good + good}) {
    CAPTURE(text);
    CHECK(has(parse_error(text), "key file '/f'"));
    CHECK_FALSE(has(parse_error(text), hex_a.substr(0, 8)));
    CHECK_FALSE(has(parse_error(text), hex_b.substr(0, 8)));
  }
}

TEST_CASE("a missing key file is nothing, an empty one has no keys") {
  const Folder folder;
  CHECK_FALSE(read_keys(folder.path("none")).has_value());
  CHECK(read_keys(folder.write("# all gone\n")).value().empty());
}

TEST_CASE("a key file that others may open is refused with the command that mends it") {
  const Folder folder;
  for (const mode_t mode : {0640u, 0604u, 0620u, 0602u, 0610u, 0644u}) {
    CAPTURE(mode);
    const std::string file = folder.write("a:" + hex_a + "\n", mode);
    const std::string error = error_of([&] { read_keys(file); });
    CHECK(has(error, "chmod 600 '" + file + "'"));
    CHECK(has(error_of([&] { add_key(file, "b"); }), "chmod 600"));
    chmod(file.c_str(), 0600);
    CHECK(read_keys(file).value().size() == 1);
  }
}

TEST_CASE("a key file must be one's own, regular and no symbolic link") {
  const Folder folder;
  const std::string file = folder.write("a:" + hex_a + "\n");
  REQUIRE(symlink(file.c_str(), folder.path("link").c_str()) == 0);
  CHECK(has(error_of([&] { read_keys(folder.path("link")); }), "symbolic link"));
  REQUIRE(symlink(folder.path("nowhere").c_str(), folder.path("dangling").c_str()) == 0);
  CHECK(has(error_of([&] { read_or_make_keys(folder.path("dangling")); }), "symbolic link"));
  CHECK_FALSE(std::filesystem::exists(folder.path("nowhere")));
  REQUIRE(mkfifo(folder.path("fifo").c_str(), 0600) == 0);
  CHECK(has(error_of([&] { read_keys(folder.path("fifo")); }), "not a regular file"));
  CHECK(has(error_of([&] { read_keys(folder.path("")); }), "not a regular file"));

  std::string strange = "/etc/passwd";  // root's, unless we are root
  if (geteuid() == 0) {
    REQUIRE(chown(file.c_str(), 1, 1) == 0);
    strange = file;
  }
  CHECK(has(error_of([&] { read_keys(strange); }), "belongs to another user"));
}

TEST_CASE("a file that is too long for a key file is not taken in") {
  const Folder folder;
  const std::string line = "a:" + hex_a + "\n";
  const std::string file = folder.write(line + std::string(max_key_file - line.size(), '\n'));
  CHECK(read_keys(file).value().size() == 1);
  CHECK(has(error_of([&] { add_key(file, "b"); }), "no room"));
  CHECK(test::read_file(file).size() == max_key_file);
  folder.write(line + std::string(max_key_file - line.size() + 1, '\n'));
  CHECK(has(error_of([&] { read_keys(file); }), "more than 64 KiB"));
}

TEST_CASE("the first key is made with its folders, for the owner alone") {
  const Folder folder;
  const std::string file = folder.path("a/b/keys");
  const mode_t mask = umask(0);
  const auto keys = read_or_make_keys(file);
  umask(mask);
  REQUIRE(keys.size() == 1);
  CHECK_FALSE(keys[0].identity.empty());
  CHECK(keys[0].secret != Key().secret);
  struct stat status = {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(read_or_make_keys(file) == keys);
  CHECK(read_or_make_keys(folder.path("other")) != keys);
}

TEST_CASE("programs that make the file at one moment end with one key and leave nothing else behind") {
  for (int round = 0; round < 20; ++round) {
    CAPTURE(round);
    const Folder folder;
    std::vector<std::vector<Key>> seen(8);
    std::vector<std::thread> programs;
    programs.reserve(seen.size());
    for (auto& keys : seen) programs.emplace_back([&] { keys = read_or_make_keys(folder.path("keys")); });
    for (auto& program : programs) program.join();
    for (const auto& keys : seen) CHECK(keys == seen[0]);
    CHECK(folder.files() == 1);
  }
}

TEST_CASE("a new key is the line that was returned, and what was there stays as it was") {
  const Folder folder;
  const std::string text = "# mine\na:" + hex_a;  // no newline at the end
  const std::string file = folder.write(text, 0400);
  const std::string line = add_key(file, "Tablet_2.home-x");
  CHECK(test::read_file(file) == text + "\n" + line + "\n");
  CHECK(line.size() == std::string("Tablet_2.home-x:").size() + 64);
  CHECK(read_keys(file).value()[1] == parse_keys(line, "/f")[0]);
  CHECK(folder.files() == 1);
}

TEST_CASE("a new key with a name that exists, or that is none, is refused and nothing changes") {
  const Folder folder;
  const std::string text = "a:" + hex_a + "\n";
  const std::string file = folder.write(text);
  CHECK(has(error_of([&] { add_key(file, "a"); }), "has a key 'a' already"));
  for (const std::string name : {"", "a b", "a:b", "#a", "名字", "a\nb", "../a", "a@b"}) {
    CAPTURE(name);
    CHECK(has(error_of([&] { add_key(file, name); }), "a key's name"));
  }
  CHECK(has(error_of([&] { add_key(file, std::string(65, 'a')); }), "a key's name"));
  CHECK(test::read_file(file) == text);
  CHECK_NOTHROW(add_key(file, std::string(64, 'a')));
}

TEST_CASE("a key that only writes is known by its name") {
  const Folder folder;
  const std::string file = folder.write("a:" + hex_a + "\n", 0600);
  const std::string line = add_key(file, "phone", Rights::write);
  CHECK(line.starts_with("phone+write:"));
  CHECK(only_writes(read_keys(file).value().back().identity));
  CHECK_FALSE(only_writes(read_keys(file).value().front().identity));
  CHECK_NOTHROW(add_key(file, "phone"));
  CHECK(has(error_of([&] { add_key(file, "phone", Rights::write); }), "has a key 'phone+write' already"));
  CHECK(has(error_of([&] { add_key(file, std::string(59, 'a'), Rights::write); }), "1 to 58"));
  CHECK_NOTHROW(add_key(file, std::string(58, 'a'), Rights::write));
}

TEST_CASE("keys that are added at one moment are all kept") {
  const Folder folder;
  const std::string file = folder.path("keys");
  std::vector<std::thread> programs;
  programs.reserve(8);
  for (int i = 0; i < 8; ++i) programs.emplace_back([&file, i] { add_key(file, "device" + std::to_string(i)); });
  for (auto& program : programs) program.join();
  std::set<std::string> names;
  const auto keys = read_keys(file).value();
  for (const Key& key : keys) names.insert(key.identity);
  CHECK(names.size() == 9);  // the first key is this host's
  CHECK(names.contains("device7"));
  CHECK(folder.files() == 1);
}

TEST_CASE("a folder that can't be written is a sentence with its name") {
  CHECK(has(error_of([&] { read_or_make_keys("/proc/md2/keys"); }), "/proc/md2"));
}

TEST_CASE("a key wipes its secret") {
  alignas(Key) unsigned char place[sizeof(Key)];
  auto* const key = new (place) Key;
  key->secret.fill(0xa5);
  const auto* const secret = key->secret.data() - reinterpret_cast<unsigned char*>(key) + place;
  key->~Key();
  for (std::size_t i = 0; i < Key::size; ++i) CHECK(const_cast<const volatile unsigned char*>(secret)[i] == 0);
}

}  // namespace md2

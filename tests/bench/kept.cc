#include "tests/bench/kept.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <random>
#include <vector>

#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/paths.h"
#include "tests/bench/measure.h"

namespace md2::bench {
namespace {

constexpr std::size_t kept_text_size = entry_size - header_length - 2;
constexpr std::size_t texts = 997;  ///< different ones
constexpr std::size_t block_size = std::size_t{1} << 20;
constexpr std::int64_t begin = 1'262'275'200'000'000;  ///< 2010-01-01 +08:00
constexpr std::int64_t pause = 73'000'001;             ///< microseconds from one entry to the next
constexpr int offset_minutes = 480;
constexpr std::size_t behind = 1000;  ///< its entry stands a correction, in entries

constexpr std::array words{"今天", "天气", "很好", "我们", "一起", "开会", "讨论", "日记",  "服务器", "客户端", "写",
                           "读",   "了",   "的",   "在",   "和",   "，",   "。",   "晚上",  "早上",   "吃饭",   "学习",
                           "朋友", "工作", "家",   "电话", "书",   "走路", "想起", "#生活", "md2",    "ok",     " "};

std::string make_text(std::mt19937& random, std::string text) {
  while (text.size() < kept_text_size) {
    const std::string word = words[random() % words.size()];
    text += text.size() + word.size() <= kept_text_size ? word : std::string(kept_text_size - text.size(), '.');
  }
  if (text.back() == ' ') text.back() = '.';
  return text;
}

}  // namespace

void make_diary(const std::string& path, std::size_t entries, std::size_t corrections) {
  std::mt19937 random;  // its sequence is the same everywhere
  std::vector<std::string> plain;
  plain.reserve(texts);
  for (std::size_t i = 0; i < texts; ++i) plain.push_back(make_text(random, "记"));
  const std::string rare = make_text(random, rare_word);
  const auto nth = [&](std::size_t i) {
    const bool has_word = i == entries / 4 || i == entries / 2 || i == entries / 4 * 3;
    return Entry{{begin + pause * static_cast<std::int64_t>(i), offset_minutes}, has_word ? rare : plain[i % texts]};
  };
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  std::string block;
  std::size_t corrected = 0;
  for (std::size_t i = 0; i < entries; ++i) {
    block += encode(nth(i));
    if (i >= behind && corrected * entries < corrections * i) {
      const Entry of = nth(i - behind);
      const std::string& text = plain[++corrected % texts];
      block += encode({{of.time.micros + 1, offset_minutes}, correction_text({{of.time, name_hash(of.text)}, text})});
    }
    if (block.size() < block_size && i + 1 < entries) continue;
    check_interrupts();
    if (write_all(fd.get(), block) != block.size()) throw_errno("cannot make a diary");
    block.clear();
  }
  // What is still to be written would disturb the measuring.
  if (fdatasync(fd.get()) != 0) throw_errno("cannot make a diary");
}

Kept::Kept(std::size_t entries, std::size_t corrections) : server_(prepare(sandbox_, entries, corrections)) {}

void Kept::stop() {
  if (server_.stop(SIGTERM) != 0) throw test::Failure("a server did not end as it should");
}

const test::Sandbox& Kept::prepare(test::Sandbox& sandbox, std::size_t entries, std::size_t corrections) {
  sandbox.set("PAGER", "cat");
  std::filesystem::create_directories(folder_of(sandbox.diary()));
  make_diary(sandbox.diary(), entries, corrections);
  return sandbox;
}

test::Command Kept::client(const test::Command& more) {
  test::Command command{test::binary("md2client"), "--server=" + server_.address_text()};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

}  // namespace md2::bench

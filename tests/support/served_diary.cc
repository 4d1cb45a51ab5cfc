#include "tests/support/served_diary.h"

#include <fmt/format.h>

#include "common/diary/entry_reader.h"
#include "common/net/server_name.h"
#include "common/os/paths.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"

namespace md2::test {

const Sandbox& ServedDiary::sandbox_with(const std::string& diary) {
  make_folders(folder_of(sandbox.diary()));
  write_file(sandbox.diary(), diary);
  return sandbox;
}

Command ServedDiary::client(const Command& more) const {
  Command command{binary("md2client"), "--server=" + server.address_text()};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

std::string ServedDiary::key_file(const Sandbox& clients) const {
  return clients.path("config/md2/servers/" + server_name(server.address_text()));
}

Result ServedDiary::read(const Command& query) const {
  Command arguments{"read"};
  arguments.insert(arguments.end(), query.begin(), query.end());
  return run(sandbox, client(arguments));
}

void ServedDiary::announce(const std::string& text, std::uint64_t count) {
  WireClient other(server);
  other.send(Verb::announce, 0, text);
  if (const std::uint64_t told = other.expect(Verb::announced).number; told != count)
    throw Failure(fmt::format("{} clients were told, not {}", told, count));
}

std::string ServedDiary::write(const std::string& text) {
  std::string bytes = entry(written_++, text);
  WireClient other(server);
  other.send(Verb::write, 0, bytes);
  other.expect(Verb::saved);
  return bytes;
}

std::vector<std::string> wait_for_entries(const Sandbox& sandbox, std::size_t count) {
  std::vector<std::string> texts;
  wait_for_file(sandbox.diary(), [&](const std::string& diary) {
    texts.clear();
    EntryReader reader;
    reader.feed(diary);
    while (const auto item = reader.next()) {
      if (item->time) texts.push_back(item->text());
    }
    return texts.size() >= count;
  });
  return texts;
}

void wait_for_prompt(Screen& screen) {
  screen.wait_for("\n从前\n");
  screen.wait_for_end({"当下>>>"}, prompt_width);
}

}  // namespace md2::test

#include "tests/support/desk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "common/os/paths.h"

namespace md2::test {

const Sandbox& Desk::begin_diary(const Sandbox& sandbox) {
  make_folders(folder_of(sandbox.diary()));
  write_file(sandbox.diary(), first_line);
  return sandbox;
}

Command Desk::client(Command more) const {
  Command command{binary("md2client"), "--server=" + server.address_text()};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

void Desk::announce(const std::string& text, std::uint64_t count) {
  Wire other(server);
  other.send(Verb::announce, 0, text);
  if (const std::uint64_t told = other.expect(Verb::announced).number; told != count)
    throw Failure(fmt::format("{} clients were told, not {}", told, count));
}

std::string Desk::write(const std::string& text) {
  const std::string bytes = encode({{1446038763000000 + written_++, 480}, text});
  Wire other(server);
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

Untouched::Untouched(Screen& screen, const std::string& prompt)
    : screen_(screen), rows_(screen.rows()), prompt_row_(rows_.size()), cursor_(screen.cursor()) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].starts_with(prompt)) prompt_row_ = i;
  }
  if (prompt_row_ == rows_.size()) throw Failure("there is no prompt on the screen");
}

void Untouched::wait_with(const std::vector<std::string>& above) {
  auto wanted = rows_;
  wanted.insert(wanted.begin() + static_cast<std::ptrdiff_t>(prompt_row_), above.begin(), above.end());
  const Position cursor{cursor_.row + static_cast<int>(above.size()), cursor_.column};
  screen_.wait_for(
      [&] { return screen_.rows() == wanted && screen_.cursor() == cursor; },
      fmt::format("the cursor in row {}, column {} of\n  {}\n", cursor.row, cursor.column, fmt::join(wanted, "\n  ")));
}

std::string repeated(const std::string& text, int count) {
  std::string result;
  for (int i = 0; i < count; ++i) result += text;
  return result;
}

}  // namespace md2::test

#include "tests/picture/story.h"

#include <filesystem>
#include <string_view>

#include "common/text/character.h"
#include "tests/picture/film.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/sandbox.h"
#include "tests/support/screen.h"

namespace md2::test {
namespace {

constexpr int rows = 18, columns = 72;
constexpr std::string_view prompt = "当下>>>";

constexpr const char* diary =
    "[2015-10-28 21:26:03.417293+08:00] 八荣八耻\n\n"
    "[2015-10-28 21:31:40.105311+08:00] 今天开始写日记 #日记\n网络版，一行一条\n\n";

/// Somebody at a terminal, and who films it. Times are in seconds.
class Session {
 public:
  explicit Session(const Sandbox& sandbox) : screen_(sandbox, {"/bin/sh"}, rows, columns) {
    screen_.wait_for([this] { return screen_.line() == "$"; }, "the shell");
  }

  void type(std::string_view text, double each) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = character_at(text, at).length;
      const Position before = screen_.cursor();
      screen_.type(text.substr(at, length));
      screen_.wait_for([&] { return !(screen_.cursor() == before); }, "what was typed");
      film_.shoot(screen_, each);
      at += length;
    }
  }

  /// Types the line and Enter, and looks when the cursor's row ends in `row` and `shown` stands there once more.
  void enter(std::string_view line, std::string_view row, std::string_view shown, double seconds) {
    type(line, 0.09);
    const std::size_t before = count(shown);
    screen_.type("\r");
    screen_.wait_for([&] { return screen_.line().ends_with(row) && (shown.empty() || count(shown) > before); }, row);
    film_.shoot(screen_, seconds);
  }

  Film& film() { return film_; }
  Screen& screen() { return screen_; }

 private:
  std::size_t count(std::string_view words) const {
    const std::string text = screen_.text();
    std::size_t number = 0;
    for (std::size_t at = 0; !words.empty() && (at = text.find(words, at)) != text.npos; at += words.size()) ++number;
    return number;
  }

  Screen screen_;
  Film film_{rows, columns};
};

}  // namespace

std::string picture_of_a_session() {
  Sandbox sandbox;
  std::filesystem::create_directories(std::filesystem::path(sandbox.diary()).parent_path());
  write_file(sandbox.diary(), diary);
  sandbox.set("PS1", "$ ");
  sandbox.set("MD2_GREETING", "off");
  sandbox.set("PATH", std::filesystem::path(binary("md2client")).parent_path().string() + ":/usr/bin:/bin");
  Session session(sandbox);
  session.film().shoot(session.screen(), 0.8);
  session.enter("md2client", prompt, "一行一条", 1.5);
  session.enter("把日记本搬到了网上 #日记", prompt, "", 0.8);
  session.type("散步，想起", 0.15);
  session.film().shoot(session.screen(), 0.6);
  run(sandbox, {binary("md2client"), "write", "from my phone: bread, milk, the library book"});
  session.screen().wait_for("library book");
  session.film().shoot(session.screen(), 1.6);
  session.enter("一件事", prompt, "", 0.8);
  session.enter("/edit", ">>> 散步，想起一件事", "", 0.6);
  session.enter("，先记下来", prompt, "", 0.8);
  session.enter("/-2", prompt, "entries on", 2.5);
  session.enter("/#日记", prompt, "entries on", 2);
  session.enter("quit", "$", "", 2);
  return session.film().svg(
      "A session of md2client: entries in Chinese, one that comes from elsewhere, a query, a correction");
}

}  // namespace md2::test

#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/e2e/screens/session.h"

namespace md2::test {

/// What somebody does at a prompt, by chance: all of it follows from the seed.
class Chance {
 public:
  explicit Chance(std::uint32_t seed);

  Setting setting() const { return setting_; }

  /// Does one thing.
  void act(ScreenSession& session);

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool in_percent(std::size_t percent) { return below(100) < percent; }
  const std::string& one_of(const std::vector<std::string>& things) { return things[below(things.size())]; }
  std::string text(std::size_t most);
  std::string text_to_margin(int columns);
  void make_ready(ScreenSession& session);
  void edit(ScreenSession& session);
  void search(ScreenSession& session);
  void paste(ScreenSession& session);
  void resize(ScreenSession& session);
  void end_line(ScreenSession& session);

  std::mt19937 random_;
  Setting setting_;
  bool vi_ = false;
  bool narrow_ = false;
  bool tall_ = false;
  bool pastes_ = true;
  bool quoting_ = false;  ///< Ctrl-V was typed
};

}  // namespace md2::test

#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "tests/support/screen.h"

namespace md2::test {

/// What a terminal has shown, one shot after the other, as an SVG that plays them in a loop (CSS animations) wherever a
/// browser shows a picture, fetching nothing. Who wants nothing to move sees the last shot.
class Film {
 public:
  Film(int rows, int columns) : rows_(rows), columns_(columns) {}

  /// The screen as it is now, for so many seconds.
  void shoot(const Screen& screen, double seconds);

  /// `title`: what it shows, for who can't see it.
  std::string svg(const std::string& title) const;

 private:
  struct Shot {
    std::vector<std::size_t> rows;  ///< of drawn_, from the top
    Position cursor;
    double begin;  ///< seconds
    double end;
  };

  int rows_, columns_;
  std::vector<std::string> drawn_;            ///< each row that was ever shown, once
  std::map<std::string, std::size_t> known_;  ///< which one that is
  std::vector<Shot> shots_;
};

}  // namespace md2::test

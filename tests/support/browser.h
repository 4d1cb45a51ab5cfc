#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/program.h"

namespace md2::test {

/// A window of headless Chromium that shows one page, and somebody who types and looks. It is spoken to through
/// Chromium's debugging pipe, its DevTools protocol: JSON, each message ended by a NUL.
class Browser {
 public:
  struct Look {
    int width = 1200;  ///< CSS pixels
    int height = 900;
    bool dark = false;               ///< what the page hears of the reader's system
    std::string language = "en-US";  ///< likewise
    bool scripts = true;             ///< JavaScript is on
  };

  /// Whether Chromium is on this machine. Never in a sanitizer's build: of what a page does, it would see nothing.
  static bool installed();

  explicit Browser(const Sandbox& sandbox, const Look& look);
  explicit Browser(const Sandbox& sandbox) : Browser(sandbox, Look{}) {}
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  /// Goes to the file, `fragment` behind it (`#q=x`), and waits until it is loaded.
  void open(const std::string& path, const std::string& fragment = "");

  /// What the expression gives in the page, as JSON; of a promise what it becomes. Throws Failure when it throws.
  nlohmann::json evaluate(const std::string& expression);

  /// Waits until the expression is true. Throws Failure.
  void wait_until(const std::string& expression);

  /// Types the text where the keyboard is.
  void type(const std::string& text);

  /// Presses a key by its name (`Escape`, `j`, `ArrowDown`; KeyboardEvent.key).
  void press(const std::string& key);

  /// Clicks into the middle of the first element that the selector (CSS) finds.
  void click(const std::string& selector);

  /// Writes a picture of what the window shows (PNG).
  void picture(const std::string& path);

  /// Writes what a printer would get (PDF).
  void print(const std::string& path);

  /// All that was fetched or tried to be: addresses. The page itself is the first.
  const std::vector<std::string>& requests() const { return requests_; }

  /// All that went wrong: errors of scripts, and what the page's policy forbade.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  static Command command(const Sandbox& sandbox, const Look& look);
  nlohmann::json call(const std::string& method, const nlohmann::json& parameters);
  nlohmann::json next_message();
  void hear(const nlohmann::json& event);
  void show_as(const Look& look);

  Program program_;
  int calls_ = 0;
  bool loaded_ = false;
  std::string session_;  ///< of the page
  std::vector<std::string> requests_;
  std::vector<std::string> complaints_;
};

}  // namespace md2::test

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "client/page/corrected.h"
#include "common/diary/timestamp.h"

namespace md2 {

/// What a page says of itself.
struct AboutPage {
  std::string diary;  ///< its name in the configuration; empty for the user's own
  std::string query;  ///< that was asked; empty: the whole diary
  Timestamp made;
};

/// The diary as one HTML file that needs nothing else, made of client/html/page.html, .css and .js.
///
/// An entry is text that anybody may have written, so it is never markup. It stands as data in a block that a browser
/// does not run, in the form of `read --json`, with `<`, `>` and `&` written as `\u003c`, `\u003e` and `\u0026`: so no
/// text can end the block, and `grep '^{"' FILE` gives the JSON back. Where an entry has tags, `"marks"` tells where
/// they begin and end, in UTF-16 units as JavaScript counts. The script makes text nodes of it and nothing else, and
/// the page's Content-Security-Policy lets run only this script, by its hash, and nothing be fetched or sent. (Turned
/// down: entries as escaped elements, which a browser has to lay out all at once; and a table of escaped HTML for the
/// script to insert, which one mistake makes run.)
///
/// It is made as the entries come: memory does not grow with the diary. The last block counts what was written, so that
/// a page that was cut short can say so.
class HtmlPage {
 public:
  explicit HtmlPage(AboutPage about) : about_(std::move(about)) {}

  /// Loose lines become paragraphs, of 64 KiB at most.
  void add(std::string& out, const ReadItem& read);

  /// Of a page without entries it makes the whole.
  void end(std::string& out);

 private:
  void begin(std::string& out);
  void write(std::string& out, const ReadItem& read);
  void end_paragraph(std::string& out);

  AboutPage about_;
  bool begun_ = false;
  ReadItem paragraph_;         ///< of loose lines that have come so far
  std::string line_;           ///< of JSON
  std::size_t block_ = 0;      ///< bytes in the block that is open; 0: none is
  std::uint64_t written_ = 0;  ///< entries and paragraphs
};

/// Where the tags of a text begin and end, in UTF-16 units: `[0,3,10,13]`; empty when there are none.
std::string tag_marks(std::string_view text);

}  // namespace md2

#include "client/commands/edited_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "common/diary/entry_reader.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/text/lines.h"
#include "common/text/text.h"

namespace md2 {
namespace {

std::string given_text(const Editable& entry) {
  return entry.struck ? tr(struck_mark) + entry.text : entry.text;
}

/// `[2015-` with anything behind it: most likely a header that was touched.
bool resembles_header(std::string_view line) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return line.size() > 5 && line[0] == '[' && std::all_of(line.begin() + 1, line.begin() + 5, digit) && line[5] == '-';
}

[[noreturn]] void fail(std::size_t line, std::string_view why) {
  throw Error(tr("line {}: {}", line, why));
}

/// Goes through what an editor left.
class Comparison {
 public:
  explicit Comparison(const std::vector<Editable>& entries) : entries_(entries), claimed_(entries.size()) {}

  void take(const EntryReader::Item& item) {
    if (item.time) {
      end_paragraph();
      check_lines(item.raw);
      kept_.push_back({*item.time, std::string(trimmed(item.text())), line_});
    } else if (trimmed(item.raw).empty()) {
      end_paragraph();
    } else {
      if (resembles_header(item.raw)) fail(line_, tr("a header must stay as it is, with the blank behind it"));
      paragraph_ += item.raw;
    }
    line_ += static_cast<std::size_t>(std::count(item.raw.begin(), item.raw.end(), '\n'));
  }

  Edits finish() {
    end_paragraph();
    // Those that stayed first: of several with one time, what is left over is what was changed.
    for (Kept& kept : kept_) kept.found = claim(kept, true).has_value();
    for (Kept& kept : kept_) {
      if (kept.found) continue;
      const auto entry = claim(kept, false);
      if (!entry) fail(kept.line, tr("the editor was given no entry with this time, or not this often"));
      if (!kept.text.empty()) rewrite(kept, *entry);
      if (kept.text.empty()) claimed_[*entry] = false;
    }
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (!claimed_[i] && !entries_[i].struck) edits_.removed.push_back(i);
    }
    std::sort(edits_.rewritten.begin(), edits_.rewritten.end(),
              [](const auto& one, const auto& other) { return one.entry < other.entry; });
    return std::move(edits_);
  }

 private:
  struct Kept {
    Timestamp time;
    std::string text;
    std::size_t line;
    bool found = false;
  };

  void check_lines(std::string_view raw) const {
    std::size_t line = line_;
    for (const std::string_view one : Lines(raw)) {
      if (line++ > line_ && resembles_header(one))
        fail(line - 1, tr("a header must stay as it is, with the blank behind it"));
    }
  }

  void end_paragraph() {
    if (const std::string_view text = trimmed(paragraph_); !text.empty()) edits_.added.emplace_back(text);
    paragraph_.clear();
  }

  std::optional<std::size_t> claim(const Kept& kept, bool unchanged) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Editable& entry = entries_[i];
      if (claimed_[i] || entry.time != kept.time) continue;
      if (unchanged && trimmed(given_text(entry)) != kept.text) continue;
      claimed_[i] = true;
      return i;
    }
    return std::nullopt;
  }

  void rewrite(const Kept& kept, std::size_t entry) {
    if (entries_[entry].struck && kept.text.starts_with(trimmed(tr(struck_mark))))
      fail(kept.line, tr("take '{}' away to bring the entry back", trimmed(tr(struck_mark))));
    edits_.rewritten.push_back({entry, kept.text});
  }

  const std::vector<Editable>& entries_;
  std::vector<bool> claimed_;
  std::vector<Kept> kept_;
  std::string paragraph_;
  std::size_t line_ = 1;
  Edits edits_;
};

}  // namespace

std::string text_to_edit(const std::vector<Editable>& entries) {
  std::string text;
  for (const Editable& entry : entries) text += encode({entry.time, given_text(entry)});
  return text;
}

Edits find_edits(std::string_view text, const std::vector<Editable>& entries) {
  EntryReader reader;
  reader.feed(unix_text(text));
  reader.finish();
  Comparison comparison(entries);
  while (const auto item = reader.next()) comparison.take(*item);
  return comparison.finish();
}

}  // namespace md2

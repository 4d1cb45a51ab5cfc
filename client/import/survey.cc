#include "client/import/survey.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "client/import/date_survey.h"
#include "client/import/decoder.h"
#include "client/import/importer.h"
#include "client/import/report.h"
#include "client/terminal/question.h"
#include "common/os/clock.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"
#include "common/text/character.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// True for a text in another encoding: the first character that is not of ASCII is none of UTF-8, or many bytes are 0.
/// A character that the text ends in may go on behind it, unless it is the `whole`.
bool is_other_encoding(std::string_view text, bool whole) {
  constexpr std::size_t often = 50;  // a newline in so many bytes is two bytes of UTF-16, one of them 0
  const auto zeros = static_cast<std::size_t>(std::ranges::count(text, '\0'));
  if (zeros > 0 && zeros * often >= text.size()) return true;
  std::size_t end = text.size();
  for (int i = 0; i < 3 && !whole && end > 0 && static_cast<unsigned char>(text[end - 1]) >= 0x80; ++i) --end;
  const auto wide = [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; };
  const auto at = static_cast<std::size_t>(std::ranges::find_if(text, wide) - text.begin());
  return at < end && character_at(text, at).broken();
}

[[noreturn]] void fail_for_encoding(const Input& input, std::string_view text) {
  const std::string guess = guessed_encoding(text);
  throw Error(guess.empty() ? tr("nothing was imported: {} is not UTF-8; --encoding=NAME (as iconv -l has it) says so, "
                                 "and --dry-run shows what that gives",
                                 input.name())
                            : tr("nothing was imported: {0} is not UTF-8, but maybe {1}; --encoding={1} says so, and "
                                 "--dry-run shows what that gives",
                                 input.name(), guess));
}

Format format_of(Input& input) {
  for (;;) {
    const bool whole = input.head().size() >= recognised_by || !input.look_further();
    if (is_other_encoding(input.head(), whole)) fail_for_encoding(input, input.head());
    if (const auto format = recognise(input.head(), whole)) return *format;
  }
}

/// The whole lines that have been read of an input.
class HeadLines : public Source {
 public:
  explicit HeadLines(std::string_view head) : text_(head.substr(0, head.rfind('\n') + 1)) {}
  std::string_view next() override { return std::exchange(text_, {}); }

 private:
  std::string_view text_;
};

/// Of what is no file, those in what has been read of it.
DateSurvey dates_in(Input& input, Format format) {
  if (!input.is_file()) {
    HeadLines head(input.head());
    return survey_dates(format, head);
  }
  DateSurvey found = survey_dates(format, input);
  input.rewind();
  return found;
}

/// Throws when a format that was asked for is not there at all: of a stream not all has been seen.
void check_format(const Input& input, Format format, const DateSurvey& dates) {
  if (dates.any_read || !input.is_file()) return;
  throw Error(
      tr("nothing was imported: {} has no date that is written as in {}", input.name(), tr(name_of(format).text)));
}

/// At a terminal it is asked whether files are taken as they are; else they are not.
void check_dates(const FaultReport& unread, bool files, Format format) {
  if (unread.count() == 0) return;
  const bool terminal = isatty(STDERR_FILENO) == 1;
  const std::string lines = unread.text(
      trn(unread.count(), "{} line looks like a date and can't be read as one; it would be taken for text:",
          "{} lines look like dates and can't be read as such; they would be taken for text:", unread.count()),
      terminal);
  if (files && terminal && isatty(STDIN_FILENO) == 1) {
    if (ask_whether(sanitised("md2client: " + lines + '\n' + tr("take them for text?")))) return;
    throw Error(tr("nothing was imported"));
  }
  throw Error(tr("nothing was imported: {}", lines) + '\n' +
              tr("put them right, or take them for text with --from={}",
                 name_of(format == Format::diary ? Format::paragraphs : format).option));
}

/// All faults of a file.
void look_through(Input& input, Format format, bool several, FaultReport& faults) {
  EntryClock clock;
  Importer importer(clock, Timestamp{});
  bool ascii = true;
  struct Checked : Source {
    Checked(Input& of, bool& so_far) : input(of), ascii(so_far) {}
    std::string_view next() override {
      const std::string_view piece = input.next();
      if (ascii && is_other_encoding(piece, false)) fail_for_encoding(input, piece);
      ascii = ascii && std::ranges::all_of(piece, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
      return piece;
    }
    Input& input;
    bool& ascii;
  } source(input, ascii);
  read_items(format, source, real_clock(), [&](const Item& item) {
    const Imported imported = importer.make(item);
    if (!imported.fault.empty()) faults.add(several ? tr("{}, {}", input.name(), imported.fault) : imported.fault);
  });
  input.rewind();
}

}  // namespace

std::vector<Surveyed> survey(std::vector<Input>& inputs, std::optional<Format> asked) {
  std::vector<Surveyed> all;
  all.reserve(inputs.size());
  FaultReport faults;
  for (Input& input : inputs) {
    all.push_back({input, asked ? *asked : format_of(input), false});
    if (input.is_file()) look_through(input, all.back().format, inputs.size() > 1, faults);
  }
  if (faults.count() > 0) {
    const std::string heading = trn(faults.count(), "nothing was imported: {} can't be taken as it is:",
                                    "nothing was imported: {} can't be taken as they are:", faults.count());
    throw Error(faults.text(heading, isatty(STDERR_FILENO) == 1));
  }
  FaultReport unread;
  Format unread_in = Format::diary;
  for (Surveyed& one : all) {
    const DateSurvey dates = asked == Format::paragraphs ? DateSurvey{true, {}} : dates_in(one.input, one.format);
    one.is_diary = one.format == Format::diary && (asked || dates.any_read);
    if (asked) {
      check_format(one.input, one.format, dates);
      continue;
    }
    if (unread.count() == 0) unread_in = one.format;
    for (const DateSurvey::Unread& line : dates.unread) {
      const std::string told = tr("line {}: {}", line.line, line.beginning);
      unread.add(inputs.size() > 1 ? tr("{}, {}", one.input.name(), told) : told);
    }
  }
  check_dates(unread, std::ranges::all_of(inputs, &Input::is_file), unread_in);
  return all;
}

}  // namespace md2

#include "client/terminal/question.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>

#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"
#include "common/text/folding.h"

namespace md2 {
namespace {

/// Byte by byte: what stands behind the line is for whoever reads next.
std::optional<std::string> read_line(Signals* signals) {
  for (std::string line;;) {
    if (signals != nullptr && !signals->wait_readable(STDIN_FILENO)) return std::nullopt;
    char byte = 0;
    const ssize_t count = ::read(STDIN_FILENO, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno(tr("cannot read the answer"));
    if (count == 0) return std::nullopt;
    if (byte == '\n') return line;
    line += byte;
  }
}

/// In small letters, however wide, without the blanks around it.
std::string word_in(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  const std::string answer = folded(line, {Folding::Case::ascii, true});
  const std::size_t begin = std::min(answer.find_first_not_of(blanks), answer.size());
  return answer.substr(begin, answer.find_last_not_of(blanks) + 1 - begin);
}

bool means_yes(std::string_view answer) {
  return answer == "y" || answer == "yes" || answer == "是";
}

}  // namespace

std::optional<Consent> ask_consent(std::string_view question, Signals* signals) {
  for (;;) {
    put_out(std::string(question) + ' ' + tr("[y]es [n]o [a]ll [q]uit?") + ' ');
    const auto line = read_line(signals);
    if (!line) {
      put_out("\n");
      if (signals != nullptr) signals->forget_interrupt();
      return std::nullopt;
    }
    const std::string answer = word_in(*line);
    if (means_yes(answer)) return Consent::yes;
    if (answer == "n" || answer == "no" || answer == "否") return Consent::no;
    if (answer == "a" || answer == "all" || answer == "全部") return Consent::all;
    if (answer == "q" || answer == "quit" || answer == "退出") return Consent::quit;
  }
}

bool ask_whether(std::string_view question) {
  put_err(std::string(question) + " [y/N] ");
  const auto line = read_line(nullptr);
  return line && means_yes(word_in(*line));
}

}  // namespace md2

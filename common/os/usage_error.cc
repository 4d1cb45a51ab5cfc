#include "common/os/usage_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "common/os/arguments.h"
#include "common/os/language.h"

namespace md2 {
namespace {

/// An option of the usage.
struct Explained {
  std::string value;  ///< the name of what it takes; empty when it takes nothing
};
using Options = std::map<std::string, Explained, std::less<>>;

/// One way to call the program.
struct Pattern {
  std::string command;  ///< empty for one without
  std::string text;     ///< as it stands in the usage, in one line

  bool holds(std::string_view word) const { return text.find(word) != text.npos; }
  bool takes_words() const { return holds("...]") || holds("..."); }
};

bool is_command(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string joined(const std::vector<std::string>& words, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text.append(text.empty() ? "" : " ").append(words[i]);
  return text;
}

/// `QUERY` of `... [--] QUERY...`.
std::string last_name(const std::string& pattern) {
  const std::size_t begin = pattern.rfind(' ') + 1;
  return pattern.substr(begin, pattern.find('.', begin) - begin);
}

/// The next bar from `begin` on that stands in no bracket; the end when there is none.
std::size_t next_bar(const std::vector<std::string>& words, std::size_t begin) {
  std::ptrdiff_t depth = 0;
  for (; begin < words.size() && (depth != 0 || words[begin] != "|"); ++begin) {
    depth += std::count_if(words[begin].begin(), words[begin].end(), [](char c) { return c == '[' || c == '('; });
    depth -= std::count_if(words[begin].begin(), words[begin].end(), [](char c) { return c == ']' || c == ')'; });
  }
  return begin;
}

/// The ways of the usage's line `words`: where one of several commands may stand, one for each of them.
void add_patterns(std::vector<Pattern>& patterns, const std::vector<std::string>& words) {
  const auto begins_choice = [](const std::string& word) { return word[0] == '[' && is_command(word.substr(1)); };
  const auto choice = std::find_if(words.begin(), words.end(), begins_choice);
  const auto first = static_cast<std::size_t>(choice - words.begin());
  const std::string lead = joined(words, 0, first);
  patterns.push_back({"", lead});
  std::vector<std::string> rest(choice, words.end());
  if (rest.empty()) return;
  rest.front().erase(0, 1);
  rest.back().pop_back();
  for (std::size_t begin = 0; begin < rest.size();) {
    const std::size_t end = next_bar(rest, begin);
    patterns.push_back({rest[begin], lead + ' ' + joined(rest, begin, end)});
    begin = end + 1;
  }
}

void add_option(Options& options, std::string_view word, std::string_view next) {
  const std::size_t begin = word.find('-');
  word = word.substr(std::min(begin, word.size()));
  const std::size_t end = word.find_first_of("]),|");
  word = word.substr(0, end);
  if (word.size() < 2 || word == "--") return;
  const std::size_t sign = word.find('=');
  const bool apart = sign == word.npos && !next.empty() && next[0] >= 'A' && next[0] <= 'Z';
  const std::string_view value = sign != word.npos ? word.substr(sign + 1) : apart ? next : std::string_view();
  options[std::string(word.substr(0, sign))].value = value.substr(0, value.find_first_of("],"));
}

/// How many letters must be put in, taken out or changed to make one of the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({changed, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row[b.size()];
}

/// Finds the first word that does not fit.
class Diagnosis {
 public:
  Diagnosis(const std::string& usage, const std::vector<std::string>& words) : words_(words) {
    read(usage);
    for (std::string& word : words_) {
      shielded_.push_back(word.starts_with('\0'));
      if (shielded_.back()) word.erase(0, 1);
    }
  }

  std::string text() {
    std::string said = wrong_word();
    if (said.empty()) said = tr("the arguments do not fit the usage");
    const bool may_be_text = option_ && pattern().holds("[--]");
    return tr("{}: {}", said, pattern().text) + (may_be_text ? tr(" (behind -- it is text)") : "");
  }

 private:
  void read(const std::string& usage) {
    std::vector<std::string> way;
    bool in_patterns = false;
    std::istringstream text(usage);
    for (std::string whole; std::getline(text, whole);) {
      const std::string_view line = whole;
      const std::vector<std::string> words = words_of(line);
      if (line.starts_with("Usage:")) {
        in_patterns = true;
      } else if (in_patterns) {
        const bool continues = line.starts_with("    ");
        if (!continues && !way.empty()) add_patterns(patterns_, std::exchange(way, {}));
        in_patterns = !words.empty();
        way.insert(way.end(), words.begin(), words.end());
      }
      const std::size_t begin = line.find_first_not_of(' ');
      const bool of_option = !in_patterns && begin != line.npos && begin > 0 && line[begin] == '-';
      if (in_patterns) add_options(words, true);
      if (of_option) add_options(words_of(line.substr(begin, line.find("  ", begin) - begin)), false);
    }
    patterns_.erase(std::remove_if(patterns_.begin(), patterns_.end(), [](const Pattern& p) { return p.text.empty(); }),
                    patterns_.end());
  }

  /// `words`: of a pattern, or what stands before the prose of an option.
  void add_options(const std::vector<std::string>& words, bool of_pattern) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool apart = !of_pattern && i + 1 < words.size();
      if (words[i].find('-') <= 1) add_option(options_, words[i], apart ? words[i + 1] : "");
    }
  }

  /// An option as it was given, without its value; the beginning of a long name is taken as well.
  const Options::value_type* find_option(std::string_view name) const {
    if (const auto found = options_.find(name); found != options_.end()) return &*found;
    if (!name.starts_with("--")) return nullptr;
    const auto found = options_.lower_bound(name);
    return found != options_.end() && found->first.starts_with(name) ? &*found : nullptr;
  }

  std::string wrong_word() {
    std::size_t given = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::string& word = words_[i];
      if (word == "--") return {};
      const bool is_option = word.size() > 1 && word[0] == '-' && !shielded_[i];
      std::string said = is_option ? wrong_option(i) : wrong_name(word, given);
      if (!said.empty()) return said;
    }
    for (const std::string& option : given_options_) {
      if (std::string said = misplaced(option); !said.empty()) return said;
    }
    if (given == 0 && pattern().takes_words() && !pattern().holds("...]"))
      return tr("'{}' needs its {}", command_, last_name(pattern().text));
    return {};
  }

  /// An option that a pattern names goes with no other, `[options]` or not.
  std::string misplaced(const std::string& option) {
    if (pattern().holds(option)) return {};
    const auto owner =
        std::find_if(patterns_.begin(), patterns_.end(), [&](const Pattern& p) { return p.holds(option); });
    if (owner == patterns_.end() && pattern().holds("[options]")) return {};
    const bool leads = owner != patterns_.end() && command_.empty() && !owner->command.empty();
    if (!leads) return tr("'{}' does not go with the rest", option);
    command_ = owner->command;
    return tr("'{}' goes with '{}'", option, command_);
  }

  /// Goes to the value of the option when that stands apart.
  std::string wrong_option(std::size_t& i) {
    const std::string& word = words_[i];
    const bool is_long = word.starts_with("--");
    const std::size_t end = is_long ? std::min(word.find('='), word.size()) : 2;
    const std::string name = word.substr(0, end);
    const auto* const option = find_option(name);
    if (option == nullptr) {
      option_ = name;
      return tr("there is no option '{}'", name);
    }
    given_options_.insert(option->first);
    if (option->second.value.empty()) {
      return is_long && end < word.size() ? tr("'{}' takes no value", name) : std::string();
    }
    if (end < word.size()) return {};
    if (++i == words_.size()) return tr("'{}' needs its {}", name, option->second.value);
    return {};
  }

  /// A command, or what follows one.
  std::string wrong_name(const std::string& word, std::size_t& given) {
    const auto is_named = [&](const Pattern& p) { return p.command == word && !word.empty(); };
    if (command_.empty()) {
      if (std::any_of(patterns_.begin(), patterns_.end(), is_named)) {
        command_ = word;
        return {};
      }
      if (commands().empty()) return tr("'{}' is one word too many", word);
      const std::string nearest = nearest_command(word);
      command_ = nearest;
      return nearest.empty() ? tr("'{}' is no command ({} are)", word, commands()) : tr("'{}' is no command", word);
    }
    ++given;
    if (pattern().takes_words()) return {};
    return given > 1 ? tr("'{}' is one word too many", word) : std::string();
  }

  std::string commands() const {
    std::string names;
    for (const Pattern& p : patterns_) {
      if (!p.command.empty()) names.append(names.empty() ? "" : tr(", ")).append(p.command);
    }
    return names;
  }

  /// The command that the word is a slip of; empty when it is none.
  std::string nearest_command(std::string_view word) const {
    std::size_t fewest = 3;
    std::string nearest;
    for (const Pattern& p : patterns_) {
      const std::size_t slips = p.command.empty() ? fewest : distance(p.command, word);
      if (slips < fewest && slips < word.size()) nearest = p.command;
      fewest = std::min(fewest, slips);
    }
    return nearest;
  }

  /// That of the command, or else the one that has most of what was given and least beside it.
  const Pattern& pattern() const {
    const auto likeness = [&](const Pattern& p) {
      if (!command_.empty() || !p.command.empty()) return p.command == command_ ? 1 : 0;
      int like = 0;
      for (const std::string& option : given_options_) like += p.holds(option) ? 4 : 0;
      if (option_) like += p.holds(nearest_option()) ? 2 : 0;
      return like;
    };
    return *std::max_element(patterns_.begin(), patterns_.end(),
                             [&](const Pattern& a, const Pattern& b) { return likeness(a) < likeness(b); });
  }

  /// The option whose name has the longest beginning in common with the one that there is not.
  std::string nearest_option() const {
    std::size_t longest = 0;
    std::string nearest = "?";
    for (const auto& [name, option] : options_) {
      const auto differ = std::mismatch(name.begin(), name.end(), option_->begin(), option_->end()).first;
      const auto common = static_cast<std::size_t>(differ - name.begin());
      if (common > longest) nearest = name;
      longest = std::max(longest, common);
    }
    return longest > 2 ? nearest : "?";
  }

  std::vector<std::string> words_;
  std::vector<bool> shielded_;  ///< a NUL stood in front: it is no option, whatever it begins with
  std::vector<Pattern> patterns_;
  Options options_;
  std::string command_;
  std::set<std::string> given_options_;
  std::optional<std::string> option_;  ///< that there is not
};

}  // namespace

std::string usage_error(const std::string& name, const std::string& usage, const std::vector<std::string>& words) {
  return tr("{}: {}; {} --help tells more", name, Diagnosis(usage, words).text(), name);
}

}  // namespace md2

#include "common/os/arguments.h"

#include <algorithm>
#include <utility>

namespace md2 {
namespace {

using Words = std::vector<std::string>;

struct Option {
  std::string short_name;  ///< `-k`; empty when there is none, as is the other
  std::string long_name;
  bool takes_value = false;
  bool anywhere = false;  ///< it belongs to [options], as no pattern names it
  std::optional<std::string> preset;

  const std::string& name() const { return long_name.empty() ? short_name : long_name; }
};

bool is_option(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && word != "--";
}

bool is_argument(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// From the line behind `title` to the next empty one.
std::string_view section(std::string_view usage, std::string_view title) {
  const std::size_t begin = std::min(usage.find(title), usage.size());
  return usage.substr(begin, usage.find("\n\n", begin) - begin).substr(std::min(title.size(), usage.size() - begin));
}

/// Brackets, bars and "..." of the patterns with blanks around them.
std::string spaced(std::string_view patterns) {
  std::string out;
  for (const char c : patterns) {
    const bool alone = c == '[' || c == ']' || c == '(' || c == ')' || c == '|';
    out.append(alone ? " " : "").append(1, c).append(alone ? " " : "");
    if (out.ends_with("...")) out.insert(out.size() - 3, 1, ' ');
  }
  return out;
}

/// What is left to be matched at some point of a pattern, and what was.
struct State {
  std::vector<std::pair<std::string, std::string>> options;  ///< given and not matched, with their values
  std::size_t next_word = 0;                                 ///< the first that is not matched
  std::vector<std::pair<std::string, std::string>> matched;  ///< names of the pattern, and what stands for them

  /// Options and words, of which one pattern may take more than another.
  std::size_t taken() const { return matched.size(); }
};

/// Goes through the patterns with what was given. As docopt does, it takes what it can where it can and goes back for
/// nothing; of several ways the one that takes most counts.
class Matcher {
 public:
  explicit Matcher(std::string_view usage) {
    for (std::string_view rest = section(usage, "\nOptions:\n"); !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      const std::size_t begin = line.find_first_not_of(' ');
      if (begin != line.npos && line[begin] == '-') add_option(line.substr(begin));
    }
    tokens_ = words_of(spaced(section(usage, "\nUsage:\n")));
    const std::string program = tokens_.empty() ? "" : tokens_.front();
    std::replace(tokens_.begin(), tokens_.end(), program, std::string("|"));
    for (std::string& token : tokens_) {
      if (is_option(token)) token = name_in_pattern(token);
    }
  }

  CommandLine match(const Words& words) {
    if (!sort(words)) return {};
    const auto asked = [&](std::string_view name) {
      return std::any_of(state_.options.begin(), state_.options.end(), [&](const auto& o) { return o.first == name; });
    };
    if (asked("-h") || asked("--help")) return {CommandLine::Kind::help, {}};
    if (asked("--version")) return {CommandLine::Kind::version, {}};
    at_ = 1;
    if (!match_either() || !state_.options.empty() || state_.next_word < words_.size()) return {};
    return {CommandLine::Kind::fits, Arguments(values())};
  }

 private:
  /// `line`: `-k FILE, --key=FILE  The key.`
  void add_option(std::string_view line) {
    Option option;
    option.anywhere = true;
    std::string names(line.substr(0, line.find("  ")));
    const auto parts_names = [](char c) { return c == ',' || c == '='; };
    std::replace_if(names.begin(), names.end(), parts_names, ' ');
    for (const std::string& word : words_of(names)) {
      const bool is_name = word.starts_with('-');
      if (is_name) (word.starts_with("--") ? option.long_name : option.short_name) = word;
      option.takes_value = option.takes_value || !is_name;
    }
    constexpr std::string_view label = "[default: ";
    if (const std::size_t at = line.find(label); at != line.npos) {
      const std::string_view preset = line.substr(at + label.size());
      option.preset = preset.substr(0, preset.rfind(']'));
    }
    options_.push_back(std::move(option));
  }

  std::string name_in_pattern(const std::string& token) {
    const std::string name = token.substr(0, token.find('='));
    auto option = std::find_if(options_.begin(), options_.end(),
                               [&](const Option& o) { return o.short_name == name || o.long_name == name; });
    if (option == options_.end()) option = options_.insert(option, {"", name, name.size() < token.size(), false, {}});
    option->anywhere = false;
    return option->name();
  }

  /// Parts options from other words. False for what needs no pattern to be wrong: a value that is lacking or too much,
  /// a beginning of several names.
  bool sort(const Words& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == "--") {
        words_.insert(words_.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
        return true;
      }
      if (!is_option(words[i])) {
        words_.push_back(words[i]);
      } else if (!(words[i][1] == '-' ? take_long(words, i) : take_short(words, i))) {
        return false;
      }
    }
    return true;
  }

  /// The beginning of a name is enough when no other option begins so.
  bool take_long(const Words& words, std::size_t& i) {
    const std::size_t sign = words[i].find('=');
    const std::string name = words[i].substr(0, sign);
    std::optional<std::string> value;
    if (sign != std::string::npos) value = words[i].substr(sign + 1);
    const auto is_named = [&](const Option& o) { return o.long_name == name; };
    const auto begins_so = [&](const Option& o) { return o.long_name.starts_with(name); };
    auto option = std::find_if(options_.begin(), options_.end(), is_named);
    if (option == options_.end()) {
      if (std::count_if(options_.begin(), options_.end(), begins_so) > 1) return false;
      option = std::find_if(options_.begin(), options_.end(), begins_so);
    }
    if (option == options_.end()) option = options_.insert(option, {"", name, value.has_value(), false, {}});
    return take(*option, std::move(value), words, i);
  }

  /// `-abVALUE`: several, of which the last may have a value.
  bool take_short(const Words& words, std::size_t& i) {
    const std::string& letters = words[i];
    for (std::size_t at = 1; at < letters.size(); ++at) {
      const std::string name{'-', letters[at]};
      auto option =
          std::find_if(options_.begin(), options_.end(), [&](const Option& o) { return o.short_name == name; });
      if (option == options_.end()) option = options_.insert(option, {name, "", false, false, {}});
      const bool has_value = option->takes_value && at + 1 < letters.size();
      const auto value = has_value ? std::optional(letters.substr(at + 1)) : std::nullopt;
      if (!take(*option, value, words, i)) return false;
      if (option->takes_value) return true;
    }
    return true;
  }

  /// `i` goes to the value when that is a word of its own.
  bool take(const Option& option, std::optional<std::string> value, const Words& words, std::size_t& i) {
    if (option.takes_value && !value) {
      if (i + 1 == words.size() || words[i + 1].empty() || words[i + 1] == "--") return false;
      value = words[++i];
    }
    if (value && !option.takes_value) return false;
    state_.options.emplace_back(option.name(), value.value_or(""));
    return true;
  }

  bool is_next(std::string_view token) const { return at_ < tokens_.size() && tokens_[at_] == token; }

  /// What is between brackets, or all. It goes on behind it whether it fits or not, as the rest does.
  bool match_either(bool optional = false) {
    const State before = state_;
    State best = before;
    bool any_fits = false;
    for (bool alone = optional;; alone = false) {
      const bool fits = match_sequence();
      // What stands in brackets without a bar is optional one by one.
      if (alone && !is_next("|")) return true;
      if (fits && (!any_fits || state_.taken() > best.taken())) best = std::move(state_);
      any_fits = any_fits || fits;
      state_ = before;
      if (!is_next("|")) break;
      ++at_;
    }
    state_ = std::move(best);
    return optional || any_fits;
  }

  bool match_sequence() {
    bool fits = true;
    while (at_ < tokens_.size() && !is_next("|") && !is_next("]") && !is_next(")")) {
      const std::size_t begin = at_;
      std::size_t taken = state_.taken();
      bool atom_fits = match_atom();
      fits = fits && atom_fits;
      if (!is_next("...")) continue;
      while (atom_fits && state_.taken() > taken) {
        taken = state_.taken();
        at_ = begin;
        atom_fits = match_atom();
      }
      ++at_;
    }
    return fits;
  }

  bool match_atom() {
    const std::string& token = tokens_[at_++];
    if (token == "[" || token == "(") {
      const bool fits = match_either(token == "[");
      ++at_;
      return fits;
    }
    if (token == "options") {
      for (const Option& option : options_) {
        if (option.anywhere) match_option(option.name());
      }
      return true;
    }
    return is_option(token) ? match_option(token) : match_word(token);
  }

  bool match_option(const std::string& name) {
    const auto option = std::find_if(state_.options.begin(), state_.options.end(),
                                     [&](const auto& given) { return given.first == name; });
    if (option == state_.options.end()) return false;
    state_.matched.push_back(std::move(*option));
    state_.options.erase(option);
    return true;
  }

  bool match_word(const std::string& token) {
    if (state_.next_word == words_.size()) return false;
    const std::string& word = words_[state_.next_word];
    if (!is_argument(token) && word != token) return false;
    state_.matched.emplace_back(token, is_argument(token) ? word : "");
    ++state_.next_word;
    return true;
  }

  std::map<std::string, Words> values() const {
    std::map<std::string, Words> values;
    for (const std::string& token : tokens_) values.try_emplace(token);
    for (const Option& option : options_) values.try_emplace(option.name());
    for (const auto& [name, value] : state_.matched) values[name].push_back(value);
    for (const Option& option : options_) {
      if (option.preset && values[option.name()].empty()) values[option.name()].push_back(*option.preset);
    }
    return values;
  }

  std::vector<Option> options_;  ///< also those that were given and that the usage lacks
  Words tokens_;                 ///< of the patterns: options by their names, a bar for the name of the program
  std::size_t at_ = 0;           ///< in them
  Words words_;                  ///< that are no options
  State state_;
};

}  // namespace

Words words_of(std::string_view text) {
  constexpr std::string_view blanks = " \n";
  Words out;
  for (std::size_t begin = text.find_first_not_of(blanks); begin != text.npos;) {
    const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
    out.emplace_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(blanks, end);
  }
  return out;
}

CommandLine match_usage(std::string_view usage, const std::vector<std::string>& words) {
  return Matcher(usage).match(words);
}

}  // namespace md2

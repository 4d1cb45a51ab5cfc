#include "common/diary/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "common/os/language.h"
#include "common/text/character.h"
#include "common/text/folding.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

[[noreturn]] void fail(std::string_view part, std::string_view reason) {
  throw QueryError(tr("cannot understand '{}' in the query: {}", sanitised(part), reason));
}

/// What stands beside a `|`, or alone.
struct Term {
  std::string text;  ///< without the quotes
  bool quoted = false;
};

struct TypedPart {
  std::string typed;
  bool negated = false;  ///< or `-N`, `-7d`
  std::vector<Term> terms;
};

bool is_minus(char32_t code) {
  return code == U'-' || code == U'－';
}

bool is_bar(char32_t code) {
  return code == U'|' || code == U'｜';
}

/// Those that Chinese input methods give: the one that opens and the one that closes are typed with the same key.
bool is_chinese_quote(char32_t code) {
  return code == U'“' || code == U'”' || code == U'＂';
}

/// Takes a query to pieces.
class Splitter {
 public:
  explicit Splitter(std::string_view query) : query_(query) {}

  std::vector<TypedPart> parts() {
    std::vector<TypedPart> parts;
    std::size_t terms = 0;
    for (skip_spaces(); at_ < query_.size(); skip_spaces()) {
      parts.push_back(part());
      terms += parts.back().terms.size();
    }
    if (terms > max_query_parts) {
      throw QueryError(tr("the query has {} parts, more than the {} that one may have", terms, max_query_parts));
    }
    return parts;
  }

 private:
  Character here() const { return at_ < query_.size() ? character_at(query_, at_) : Character{U' ', 0}; }

  void skip_spaces() {
    while (at_ < query_.size() && is_space(here().code)) at_ += here().length;
  }

  TypedPart part() {
    TypedPart part;
    const std::size_t begin = at_;
    if (is_minus(here().code)) {
      part.negated = true;
      at_ += here().length;
    }
    part.terms.push_back(term(begin));
    while (is_bar(here().code)) {
      at_ += here().length;
      part.terms.push_back(term(begin));
    }
    part.typed = query_.substr(begin, at_ - begin);
    return part;
  }

  Term term(std::size_t part) {
    const char32_t first = here().code;
    const std::size_t begin = at_;
    if (first == U'"' || is_chinese_quote(first)) {
      const auto closes = [&](char32_t code) { return first == U'"' ? code == first : is_chinese_quote(code); };
      at_ += here().length;
      const std::size_t text = at_;
      while (at_ < query_.size() && !closes(here().code)) at_ += here().length;
      if (at_ == query_.size()) fail(query_.substr(part), tr("the quote is not closed"));
      const std::size_t end = at_;
      at_ += here().length;
      if (end == text) fail(query_.substr(begin, at_ - begin), tr("there is nothing between the quotes"));
      return {std::string(query_.substr(text, end - text)), true};
    }
    while (!is_space(here().code) && !is_bar(here().code)) at_ += here().length;
    return {std::string(query_.substr(begin, at_ - begin)), false};
  }

  std::string_view query_;
  std::size_t at_ = 0;
};

std::vector<TypedPart> split(std::string_view query) {
  if (query.size() > max_query) {
    throw QueryError(tr("the query has {} bytes, more than the {} that one may have", query.size(), max_query));
  }
  if (const std::string error = text_error(query); !error.empty())
    throw QueryError(tr("cannot read the query: {}; it must be text in UTF-8", error));
  return Splitter(query).parts();
}

std::uint64_t last_items(const std::string& digits, const TypedPart& part) {
  std::uint64_t count = std::numeric_limits<std::uint64_t>::max();  // stays when there are too many digits
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (count == 0) fail(part.typed, tr("the least is -1, the last entry"));
  return count;
}

Literal literal(std::string_view word, bool tag) {
  bool capital = false;
  bool small = false;
  for (std::size_t at = 0; at < word.size();) {
    const Character c = character_at(word, at);
    capital = capital || is_capital(c.code);
    small = small || is_small(c.code);
    at += c.length;
  }
  return Literal(word, small && !capital, tag);
}

/// The phrase between quotes that are not in it.
std::string in_quotes(const std::string& phrase) {
  return phrase.find('"') == phrase.npos ? fmt::format("\"{}\"", phrase) : fmt::format("“{}”", phrase);
}

/// What a query becomes, part by part: what is searched, and what goes over the wire.
class Reader {
 public:
  explicit Reader(Date today) : today_(today) {}

  void read(const TypedPart& part) {
    if (!wire_.empty()) wire_ += ' ';
    if (part.terms.size() == 1 && part.negated && !part.terms[0].quoted && read_count(part)) return;
    Query::Part meant{part.negated, {}, {}};
    if (part.negated) wire_ += '-';
    for (std::size_t i = 0; i < part.terms.size(); ++i) {
      if (i > 0) wire_ += '|';
      read_term(part, part.terms[i], meant);
    }
    query_.parts.push_back(std::move(meant));
    if (!std::all_of(part.terms.begin(), part.terms.end(), [this](const Term& term) { return is_plain_word(term); }))
      return;
    if (part.terms.size() > 1)
      note(part, part.negated ? tr_later("none of these words") : tr_later("any of these words"));
    if (part.negated) note(part, tr_later("without that word"));
  }

  Query take_query() { return std::move(query_); }

  std::string take_wire() {
    if (wire_.size() > max_query) throw QueryError(tr("the query is too long once its days are written as dates"));
    return std::move(wire_);
  }

 private:
  /// `-N` and `-7d`; false for anything else.
  bool read_count(const TypedPart& part) {
    const std::string counted = narrowed(part.terms[0].text);
    if (all_digits(counted)) {
      const std::uint64_t count = last_items(counted, part);
      query_.last = std::min(count, query_.last.value_or(count));
      wire_.append("-").append(counted);
      return true;
    }
    std::optional<NamedDays> days;
    try {
      days = read_last_days("-" + counted, today_);
    } catch (const DayError& error) {
      fail_day(part, error);
    }
    if (!days) return false;
    wire_ += days->wire;
    query_.parts.push_back({false, {std::move(days->days)}, {}});
    note(part, days->kind);
    return true;
  }

  void read_term(const TypedPart& part, const Term& term, Query::Part& meant) {
    if (term.quoted) {
      wire_ += in_quotes(term.text);
      meant.literals.push_back(literal(term.text, false));
      return;
    }
    check(part, term.text);
    std::optional<NamedDays> days;
    try {
      days = read_days(term.text, today_);
    } catch (const DayError& error) {
      fail_day(part, error);
    }
    if (days) {
      // A year alone would be a number of items.
      const bool count = part.negated && part.terms.size() == 1 && all_digits(days->wire);
      wire_ += count ? days->days.first + ".." + days->days.last : days->wire;
      meant.days.push_back(std::move(days->days));
      if (days->like_a_word && part.terms.size() == 1 && !part.negated) note(part, days->kind);
      return;
    }
    const std::size_t hash = hash_sign_length(term.text, 0);
    if (hash > 0) {
      const std::size_t name = tag_name_length(term.text, hash);
      if (name == 0) fail(part.typed, tr("a tag needs a name; the sign itself needs quotes"));
      if (hash + name != term.text.size()) fail(part.typed, tr("a tag ends at punctuation"));
    }
    wire_ += term.text;
    meant.literals.push_back(literal(std::string_view(term.text).substr(hash), hash > 0));
  }

  [[noreturn]] static void fail_day(const TypedPart& part, const DayError& error) {
    fail(narrowed(part.typed), tr("{}; a word like it needs quotes", error.what()));
  }

  bool is_plain_word(const Term& term) const {
    return !term.quoted && hash_sign_length(term.text, 0) == 0 && !read_days(term.text, today_);
  }

  static void check(const TypedPart& part, const std::string& text) {
    if (text.empty() && part.terms.size() > 1) {
      fail(part.typed, tr("| stands between two words, tags or days, without spaces; the sign itself needs quotes"));
    }
    if (text.empty())
      fail(part.typed, tr("after - comes a number, or what must not be there; the sign itself needs quotes"));
    if (is_minus(character_at(text, 0).code)) {
      fail(part.typed, tr("one - stands in front of a whole part; a word that begins so needs quotes"));
    }
  }

  /// Said where nothing is found: `上周 means a week here; "上周" looks for the word`.
  void note(const TypedPart& part, std::string_view kind) {
    if (!query_.note.empty()) return;
    query_.note = tr("{0} means {1} here; {2} looks for the word", part.typed, tr(kind), in_quotes(part.typed));
  }

  Date today_;
  Query query_;
  std::string wire_;
};

Reader read(std::string_view text, Date today) {
  Reader reader(today);
  for (const TypedPart& part : split(text)) reader.read(part);
  return reader;
}

}  // namespace

Query Query::parse(std::string_view text, Date today) {
  return read(text, today).take_query();
}

std::string wire_query(std::string_view text, Date today) {
  return read(text, today).take_wire();
}

}  // namespace md2

#include "common/text/literal.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "common/text/character.h"

namespace md2 {
namespace {

/// Bytes of a literal by which most places show that it does not stand there.
constexpr std::size_t first_compared = 16;

/// Bytes that may be compared in vain before the search goes another way: in all, and for each byte of the text. What
/// people write comes nowhere near.
constexpr std::size_t most_wasted = 8192;
constexpr std::size_t wasted_a_byte = 8;

/// So much more a byte takes to fold than to look at.
constexpr std::size_t folded_as_wasted = 8;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// How rare the byte at `at` is in a diary, as a guess: more is rarer. Headers are made of digits and what parts them.
int rarity(std::string_view bytes, std::size_t at) {
  constexpr std::string_view everywhere = " \n]-:.+";
  constexpr std::string_view common = "etaoinshrdlu0123456789";
  const auto byte = static_cast<unsigned char>(bytes[at]);
  if (byte >= 0xc0) return 0;
  if (byte < 0x80) return everywhere.find(bytes[at]) != bytes.npos ? 0 : common.find(bytes[at]) != bytes.npos ? 1 : 2;
  const bool ends_character = at + 1 == bytes.size() || (bytes[at + 1] & 0xc0) != 0x80;
  return ends_character ? 3 : 2;
}

/// How the word must be folded; nothing when its bytes alone will do.
std::optional<Folding> folding_of(std::string_view word, bool ignore_case) {
  Folding folding{ignore_case ? Folding::Case::ascii : Folding::Case::exact, narrowed(word) != word};
  bool fast = !folding.width;
  const std::string composed = folded(word, {Folding::Case::exact, folding.width});
  for (std::size_t at = 0; at < composed.size();) {
    const Character c = character_at(composed, at);
    if (ignore_case && c.code >= 0x80 && (is_capital(c.code) || is_small(c.code)))
      folding.letters = Folding::Case::full;
    fast = fast && !has_other_spellings(c.code) && folding.letters != Folding::Case::full;
    at += c.length;
  }
  return fast && composed == word ? std::nullopt : std::optional(folding);
}

/// Of each prefix of the word the length of the longest shorter one that it ends in.
std::vector<std::size_t> prefixes(std::string_view word) {
  std::vector<std::size_t> shorter(word.size() + 1);
  std::size_t length = 0;
  for (std::size_t i = 1; i < word.size(); ++i) {
    while (length > 0 && word[length] != word[i]) length = shorter[length];
    if (word[length] == word[i]) ++length;
    shorter[i + 1] = length;
  }
  return shorter;
}

}  // namespace

Literal::Literal(std::string_view word, bool ignore_case, bool tag)
    : bytes_(word), ignore_case_(ignore_case), tag_(tag), folding_(folding_of(word, ignore_case)) {
  if (folding_) {
    bytes_ = folded(word, *folding_);
    shorter_ = prefixes(bytes_);
    return;
  }
  std::size_t rarest = 0;
  for (std::size_t i = 1; i < bytes_.size(); ++i) {
    if (rarity(bytes_, i) >= rarity(bytes_, rarest)) rarest = i;
  }
  // Another byte where there is one, because in a row of the same two say no more than one; and one far away, because
  // neighbours come as one word.
  const auto score = [&](std::size_t i) {
    const std::size_t distance = i < rarest ? rarest - i : i - rarest;
    return std::tuple(bytes_[i] != bytes_[rarest], rarity(bytes_, i), distance);
  };
  std::size_t second = rarest;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if (score(i) > score(second)) second = i;
  }
  if (!bytes_.empty()) rarest_ = {rarest, second, bytes_[rarest], bytes_[second], ignore_case};
}

std::optional<TextRange> Literal::find(std::string_view text, std::size_t from, std::size_t* wasted) const {
  std::size_t unasked = 0;
  if (wasted == nullptr) wasted = &unasked;
  for (auto hit = find_word(text, from, *wasted); hit; hit = find_word(text, hit->begin + 1, *wasted)) {
    if (!tag_) return hit;
    const std::size_t hash = hash_sign_length_before(text, hit->begin);
    const std::size_t begin = hit->begin - hash;
    if (hash > 0 && hit->begin + tag_name_length(text, hit->begin) == hit->end && may_begin_tag(text, begin)) {
      return TextRange{begin, hit->end};
    }
  }
  return std::nullopt;
}

std::optional<TextRange> Literal::find_word(std::string_view text, std::size_t from, std::size_t& wasted) const {
  if (folding_) return find_folded(text, from, wasted);
  for (std::size_t at = find_bytes(text, from, wasted); at != text.npos; at = find_bytes(text, at + 1, wasted)) {
    if (ends_whole(text, at + bytes_.size())) return TextRange{at, at + bytes_.size()};
  }
  return std::nullopt;
}

/// False where the last character of a hit is another one together with the marks behind it (`e` of é in two).
bool Literal::ends_whole(std::string_view text, std::size_t end) const {
  if (end == text.size() || static_cast<unsigned char>(text[end]) < 0xcc || !is_mark(character_at(text, end).code)) {
    return true;
  }
  const std::size_t last = character_before(text, end);
  FoldedText piece(text, last, {});
  return piece.next() && piece.folded().starts_with(text.substr(last, end - last));
}

/// As find_by_prefixes() does it, on what the text folds to.
std::optional<TextRange> Literal::find_folded(std::string_view text, std::size_t from, std::size_t& wasted) const {
  std::vector<std::size_t> begins(bytes_.size());  // of the pieces that the last bytes came from, going round
  std::size_t length = 0;
  std::size_t taken = 0;
  std::optional<TextRange> hit;
  FoldedText pieces(text, from, *folding_);
  while (!hit && pieces.next()) {
    for (const char byte : pieces.folded()) {
      while (length > 0 && (length == bytes_.size() || bytes_[length] != byte)) length = shorter_[length];
      if (bytes_[length] == byte) ++length;
      begins[taken++ % bytes_.size()] = pieces.begin();
      if (length == bytes_.size() && !hit) hit = {begins[taken % bytes_.size()], pieces.end()};
    }
  }
  wasted += folded_as_wasted * (std::min(pieces.end(), text.size()) - std::min(from, text.size()));
  return hit;
}

std::size_t Literal::find_bytes(std::string_view text, std::size_t from, std::size_t& wasted) const {
  if (bytes_.empty() || text.size() < bytes_.size()) return text.npos;
  const std::size_t end = text.size() - bytes_.size() + 1;
  const std::size_t most = wasted + most_wasted;
  std::size_t at = rarest_.find(text, from, end);
  while (at < end && !matches(text.substr(at, bytes_.size()), wasted)) {
    if (wasted > most + (at - from) * wasted_a_byte) return find_by_prefixes(text, at + 1);
    at = rarest_.find(text, at + 1, end);
  }
  return at < end ? at : text.npos;
}

bool Literal::same(std::string_view there, std::size_t begin) const {
  const std::string_view here = std::string_view(bytes_).substr(begin, there.size());
  if (!ignore_case_) return there == here;
  return std::equal(here.begin(), here.end(), there.begin(),
                    [](char byte, char other) { return byte == lower(other); });
}

/// `there` is as long as it is. Where it is another, adds to `wasted` what it took to see that. Most places that are
/// none show at once.
bool Literal::matches(std::string_view there, std::size_t& wasted) const {
  const std::string_view first = there.substr(0, first_compared);
  if (!same(first, 0)) {
    wasted += first.size();
    return false;
  }
  if (same(there.substr(first.size()), first.size())) return true;
  wasted += there.size();
  return false;
}

/// What can be looked for by its bytes alone where the whole is compared folded.
bool Literal::is_fast_part(char32_t code) const {
  if (code == '\n' || has_other_spellings(code)) return false;
  const bool letter = is_capital(code) || is_small(code);
  if (letter && folding_->letters == Folding::Case::full) return false;  // `ß` becomes `ss`
  return code >= 0x80 || !folding_->width;                               // `Ａ` becomes `A`
}

std::optional<Literal> Literal::fast_part() const {
  if (!folding_) return bytes_.find('\n') == bytes_.npos ? std::optional(*this) : std::nullopt;
  TextRange longest, run;
  for (std::size_t at = 0; at < bytes_.size();) {
    const Character c = character_at(bytes_, at);
    if (is_fast_part(c.code)) {
      run.end = at + c.length;
    } else {
      run = {at + c.length, at + c.length};
    }
    if (run.end - run.begin > longest.end - longest.begin) longest = run;
    at += c.length;
  }
  // What a mark stands behind may be another character in the text.
  if (longest.end < bytes_.size() && is_mark(character_at(bytes_, longest.end).code)) {
    if (longest.begin == longest.end) return std::nullopt;
    longest.end = character_before(bytes_, longest.end);
  }
  if (longest.begin >= longest.end) return std::nullopt;
  return Literal(std::string_view(bytes_).substr(longest.begin, longest.end - longest.begin),
                 folding_->letters != Folding::Case::exact);
}

/// Knuth, Morris and Pratt, "Fast pattern matching in strings" (1977): no byte of the text is looked at twice. The
/// two-way algorithm of memmem(3) would be twice as fast, but can't ignore case; and this is for texts that are made to
/// be slow.
std::size_t Literal::find_by_prefixes(std::string_view text, std::size_t from) const {
  const std::vector<std::size_t> shorter = prefixes(bytes_);
  std::size_t length = 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    const char byte = ignore_case_ ? lower(text[at]) : text[at];
    while (length > 0 && bytes_[length] != byte) length = shorter[length];
    if (bytes_[length] == byte) ++length;
    if (length == bytes_.size()) return at + 1 - length;
  }
  return text.npos;
}

}  // namespace md2

#include "client/page/corrected.h"

#include <utility>

namespace md2 {
namespace {

/// What `item` says when it is a correction.
std::optional<Correction> correction_of(const EntryReader::Item& item) {
  // Nearly no item is one, which shows before its text is made.
  if (!item.time || !std::string_view(item.raw).substr(header_length).starts_with(correction_sign)) return std::nullopt;
  return parse_correction(item.text());
}

/// A strike is no text to be read in the place of another. An answer names the entry by its hash as well.
std::optional<Correction> correction_for(const EntryReader::Item& first, const EntryReader::Item& next) {
  auto correction = correction_of(next);
  if (!correction || correction->strikes() || correction->of.time != first.time || correction_of(first))
    return std::nullopt;
  return correction->of.hash == name_hash(first.text()) ? std::move(correction) : std::nullopt;
}

}  // namespace

ReadItem read_item(EntryReader::Item item) {
  if (auto correction = correction_of(item)) return {std::move(item), correction->text, {}, correction->of};
  std::string text = item.text();
  if (item.time && text.starts_with('~')) text = std::string(as_read(text));
  return {std::move(item), std::move(text), {}, {}};
}

std::optional<ReadItem> CorrectedReader::next() {
  if (!first_) first_ = reader_.next();
  if (!first_) return std::nullopt;
  if (ink_ == Ink::all || !first_->time) return read_item(*std::exchange(first_, std::nullopt));
  auto following = reader_.next();
  if (!following && !reader_.finished()) return std::nullopt;
  EntryReader::Item first = *std::exchange(first_, std::nullopt);
  if (following) {
    if (auto correction = correction_for(first, *following))
      return ReadItem{std::move(first), std::move(correction->text), following->time, {}};
  }
  first_ = std::move(following);
  return read_item(std::move(first));
}

}  // namespace md2

#include "client/import/known_entries.h"

#include <algorithm>
#include <cstring>

#include "client/import/diary_reader.h"
#include "client/import/importer.h"
#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "common/os/language.h"
#include "common/os/sha256.h"
#include "common/text/text.h"

namespace md2 {

KnownEntries::Digest KnownEntries::digest(std::string_view encoded) {
  const Sha256 whole = sha256(encoded, tr("cannot tell which entries the diary holds"));
  Digest half;
  std::copy_n(whole.begin(), half.size(), half.begin());
  return half;
}

std::string KnownEntries::written(const EntryName& name) {
  return correction_text({name, {}});
}

std::size_t KnownEntries::Hash::operator()(const Digest& digest) const {
  std::size_t value = 0;
  std::memcpy(&value, digest.data(), sizeof value);
  return value;
}

void KnownEntries::feed(std::string_view bytes) {
  reader_.feed(bytes);
  while (const auto item = reader_.next()) {
    // As import would take it: what an editor left untidy in the diary is tidy in a backup that was imported.
    if (gathers_texts_) gather_text(*item);
    if (!item->time) continue;
    const Imported entry = import_exact(item_of_entry(*item, 1));
    if (entry.fault.empty()) add(entry.encoded);
  }
}

void KnownEntries::finish() {
  reader_.finish();
  feed({});
  end_paragraph();
  gathers_texts_ = false;
  reader_ = EntryReader(offset());
}

void KnownEntries::gather_text(const EntryReader::Item& item) {
  const std::string text = item.text();
  if (item.time) names_.insert(digest(written({*item.time, name_hash(text)})));
  const std::string_view kept = trimmed(text);
  if (item.time || kept.empty()) end_paragraph();
  if (!kept.empty()) ++texts_[digest(item.time ? as_read(kept) : kept)];
  if (!item.time && !kept.empty() && paragraph_.size() <= max_encoded) paragraph_ += text + '\n';
}

void KnownEntries::end_paragraph() {
  const std::string_view paragraph = trimmed(paragraph_);
  if (paragraph.find('\n') != paragraph.npos) ++texts_[digest(paragraph)];  // one line has counted
  paragraph_.clear();
}

bool KnownEntries::take_text(std::string_view text) {
  const auto found = texts_.find(digest(text));
  if (found == texts_.end() || found->second == 0) return false;
  --found->second;
  return true;
}

void KnownEntries::restart() {
  reader_ = EntryReader();
  paragraph_.clear();
  if (gathers_texts_) texts_.clear();
}

bool KnownEntries::add(std::string_view encoded) {
  constexpr std::size_t name_ends = header_length + correction_sign.size() + timestamp_length;
  constexpr std::size_t hash_length = 9;  // with its sign
  const bool is_correction = encoded.substr(std::min(header_length, encoded.size())).starts_with(correction_sign);
  if (is_correction && encoded.size() > name_ends + hash_length && encoded[name_ends] == '#') {
    std::string by_hand(encoded);
    if (known_.contains(digest(by_hand.erase(name_ends, hash_length)))) return false;
  }
  return known_.insert(digest(encoded)).second;
}

}  // namespace md2

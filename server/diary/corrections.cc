#include "server/diary/corrections.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "common/os/disk.h"
#include "common/text/text.h"
#include "server/diary/item_at.h"

namespace md2 {
namespace {

/// Little, because each of its bytes may belong to a correction, which takes longer to read than to pass by.
constexpr std::size_t walk_chunk = std::size_t{64} << 10;

/// Bytes that may be looked through in the time that one correction, or one entry that is named, takes to be known.
constexpr std::size_t cost_of_one = 4096;

/// The same for one whose time has to be looked up.
constexpr std::size_t cost_of_look = 512;

/// Of them, before a walk rests.
constexpr std::size_t most_at_once = std::size_t{256} << 10;

/// Behind the header's time.
const Literal& beginning() {
  static const Literal sign("] " + std::string(correction_sign));
  return sign;
}
constexpr std::size_t beginning_at = header_length - 2;
constexpr std::size_t beginning_length = header_length + correction_sign.size();

/// Bytes of a diary without corrections that are soon looked through again.
constexpr std::uint64_t worth_keeping = std::uint64_t{4} << 20;

/// Of the end of the diary: if nothing in it ends an item, all of it may go on.
constexpr std::size_t open_end = std::size_t{64} << 10;

/// Where what stands before `end` is known to end an item; nothing when that is far away.
std::optional<std::uint64_t> last_border(const Corrections::Read& read, std::uint64_t end) {
  std::string tail(std::min<std::uint64_t>(end, open_end), '\0');
  const std::uint64_t begin = end - tail.size();
  tail.resize(read(begin, tail.data(), tail.size()));
  const std::size_t empty_line = tail.rfind("\n\n");
  if (empty_line != tail.npos) return begin + empty_line + 2;
  return begin == 0 ? std::optional(begin) : std::nullopt;
}

/// True when what stood before `at` has ended there.
bool ends_at(const Corrections::Read& read, std::uint64_t at) {
  std::array<char, 1 + header_length> bytes{};
  const std::size_t before = at > 0 ? 1 : 0;
  const std::string_view there(bytes.data(), read(at - before, bytes.data(), before + header_length));
  if (!there.starts_with('\n')) return there.substr(std::min(before, there.size())).starts_with("\n\n");
  return there.starts_with("\n\n") || is_header(there.substr(1));
}

}  // namespace

Corrections::Corrections(const std::string& diary) : path_(diary), file_(disk().real_path(diary)) {
  struct stat status = {};
  const bool known =
      disk().stat(diary, status) == 0 && file_->take_up(status, [this](const CorrectionFile::Source& source) {
        return source(reinterpret_cast<char*>(&known_), sizeof known_) && list_.read(source);
      });
  if (!known) file_->remove();
  if (!known) forget();
  settled_ = list_.size();
}

void Corrections::keep(int fd, const Proof& proof) {
  if (!file_) return;
  struct stat diary = {};
  const bool as_known = disk().stat(fd, diary) == 0 && proof.knows(diary);
  const bool whole = as_known && stage_ == Stage::known && !too_many_ && file_->is_of(disk().real_path(path_));
  if (!whole || (list_.empty() && known_.to < worth_keeping)) return file_->remove();
  file_->keep(diary, [this](const CorrectionFile::Sink& sink) {
    sink({reinterpret_cast<const char*>(&known_), sizeof known_});
    list_.write(sink);
  });
}

void Corrections::forget() {
  list_.clear();
  too_many_ = false;
  ++generation_;
  stage_ = Stage::known;
  settled_ = 0;
  known_ = {};
  new_begin_.reset();
  if (file_) file_->clear();
}

bool Corrections::step(const Read& read, std::uint64_t end, std::size_t budget) {
  if (too_many_) return true;
  if (stage_ == Stage::known) {
    if (file_ && !file_->untouched()) forget();
    if (known_.seen_to == end) return true;
    begin(read, end);
  }
  for (std::size_t used = 0; used < budget && stage_ != Stage::known && !too_many_;) {
    used += stage_ == Stage::corrections ? look_for_corrections(read) : look_for_entries(read);
  }
  if (too_many_) {
    list_.clear();
    if (file_) file_->clear();
  }
  return too_many_ || (stage_ == Stage::known && known_.seen_to == end);
}

void Corrections::begin(const Read& read, std::uint64_t end) {
  if (end < known_.seen_to || (known_.end_counts != 0 && !ends_at(read, known_.seen_to))) forget();
  if (known_.end_counts != 0) known_.to = known_.seen_to;
  end_ = end;
  at_ = known_.to;
  stage_ = Stage::corrections;
}

std::size_t Corrections::look_for_corrections(const Read& read) {
  static std::array<char, walk_chunk> chunk;            // one thread serves all
  const std::uint64_t begin = at_ - (at_ > 0 ? 1 : 0);  // the byte before tells whether a line begins
  const std::size_t size = std::min<std::uint64_t>(chunk.size(), end_ - begin);
  const std::string_view text(chunk.data(), read(begin, chunk.data(), size));
  const bool last = text.size() < size || begin + text.size() == end_;
  const std::size_t first = beginning_at + (at_ - begin);
  std::size_t used = text.size();
  for (auto hit = beginning().find(text, first); hit && !too_many_; hit = beginning().find(text, hit->end)) {
    const std::size_t header = hit->begin - beginning_at;
    const bool begins_line =
        header == 0 || text[header - 1] == '\n' || (begin == 0 && text.substr(0, header) == byte_order_mark);
    if (!begins_line || !is_header(text.substr(header))) continue;
    std::size_t scanned = 0;
    const std::size_t length = item_length(text.substr(header), last, scanned);
    used += take_correction(read, begin + header, text.substr(header, length));
  }
  at_ = last ? end_ : begin + text.size() - beginning_length;
  if (last) look_for_entries(Stage::entries);
  return used;
}

/// `raw` is empty when the end of the item has not been read.
std::size_t Corrections::take_correction(const Read& read, std::uint64_t place, std::string_view raw) {
  const std::string whole = raw.empty() ? item_at(read, place, end_) : std::string(raw);
  std::string scratch;
  if (const auto correction = parse_correction(item_text(whole, true, scratch))) {
    if (!list_.names(correction->of.time)) narrow_to(correction->of.time);
    too_many_ = !list_.add({place, parse_header(whole)->micros, correction->of, correction->strikes()});
    if (file_ && !correction->strikes()) file_->add(encode({correction->of.time, correction->text}));
  }
  return cost_of_one + whole.size();
}

/// What the headers of all entries that new corrections name begin with: often the day or more.
void Corrections::narrow_to(Timestamp time) {
  const std::string line = "\n[" + to_string(time);
  if (!new_begin_) new_begin_ = line;
  const auto differ = std::mismatch(new_begin_->begin(), new_begin_->end(), line.begin(), line.end()).first;
  new_begin_->erase(differ, new_begin_->end());
}

void Corrections::look_for_entries(Stage stage) {
  stage_ = stage;
  const bool old = stage == Stage::old_entries;
  const bool only_new = old || settled_ == 0;
  walk_ = {};
  at_ = old ? 0 : known_.to;
  walk_to_ = old ? known_.to : end_;
  line_ = Literal(only_new && new_begin_ ? *new_begin_ : "\n[");
  if (list_.empty() || (only_new && !new_begin_)) at_ = walk_to_;
}

std::size_t Corrections::look_for_entries(const Read& read) {
  std::size_t used = 0;
  if (at_ < walk_to_) {
    const auto seen = walk_.step(line_, read, at_, walk_to_, [&](std::uint64_t place, std::string_view there) {
      if (place < walk_to_ && list_.may_name(there)) used += take_entry(read, place, there);
      return used < most_at_once && !too_many_;
    });
    used += seen.size();
    at_ = seen.to;
  }
  if (at_ < walk_to_) return used;
  if (stage_ == Stage::entries) {
    look_for_entries(Stage::old_entries);
  } else {
    finish(read);
  }
  return used;
}

std::size_t Corrections::take_entry(const Read& read, std::uint64_t place, std::string_view there) {
  const auto time = parse_header(there);
  const bool named = time && (stage_ == Stage::entries ? list_.names(*time) : list_.names_since(settled_, *time));
  if (!named) return cost_of_look;
  std::size_t scanned = 0;
  const std::size_t length = item_length(there, false, scanned);
  const std::string raw = length == 0 ? item_at(read, place, end_) : std::string(there.substr(0, length));
  std::string scratch;
  const std::string_view text = item_text(raw, true, scratch);
  if (!parse_correction(text)) {
    too_many_ = !list_.add_entry(*time, {place, name_hash(text)});
    known_.last_entry = std::max(known_.last_entry, place);
  }
  return cost_of_one + raw.size();
}

void Corrections::finish(const Read& read) {
  const auto border = last_border(read, end_);
  const auto counts = [&](std::uint64_t from) {
    return list_[list_.size() - 1].place >= from || known_.last_entry >= from;
  };
  known_.end_counts = border != end_ && !list_.empty() && (!border || counts(*border));
  known_.to = border.value_or(end_);
  known_.seen_to = end_;
  settled_ = list_.size();
  new_begin_.reset();
  stage_ = Stage::known;
  if (file_) file_->flush();
}

}  // namespace md2

#include "tests/sim/owner.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "common/diary/timestamp.h"
#include "tests/sim/filler.h"

namespace md2::sim {
namespace {

const std::string far = "/home/far/";  ///< a folder, to which links lead

Marked joined(const std::vector<Marked>& parts) {
  Marked out;
  for (const Marked& part : parts) out.append(part);
  return out;
}

std::vector<Marked> items(const Marked& text) {
  std::vector<Marked> out;
  EntryReader reader;
  reader.feed(text.bytes);
  reader.finish();
  while (const auto item = reader.next()) out.push_back(text.part(item->offset, item->raw.size()));
  return out;
}

}  // namespace

Marked Owner::read() const {
  const InodePtr file = files_.find(diary_);
  return file ? file->now : Marked();
}

void Owner::read_into_buffer() {
  const InodePtr file = files_.find(diary_);
  if (!file) return;
  buffer_ = file->now;
  buffer_mtime_ = file->mtime;
}

/// The diary, which he makes where there is none.
InodePtr Owner::file() {
  const InodePtr file = files_.find(diary_);
  return file ? file : files_.make(files_.real_path(diary_));
}

/// As `cat buffer > diary`: the file is cut, then written; now and then somebody else comes between the two.
void Owner::write_over(const Marked& text, std::uint64_t mtime) {
  const InodePtr file = this->file();
  const auto finish = [this, file, text, mtime] {
    files_.put(file, 0, text);
    hidden_ = mtime != 0;
    if (hidden_) file->mtime = static_cast<std::int64_t>(mtime);
    if (random_.chance(300)) files_.sync(file);
  };
  if (text.size() != file->now.size() || random_.chance(500)) files_.cut(file, 0);
  if (!random_.chance(150)) return finish();
  story_.happens(Kind::owner_half_save, "the owner's save is half done: the file has {} bytes", file->now.size());
  steps_.emplace_back(finish);
}

/// As editors do that are careful: a new file takes the name.
void Owner::replace(const Marked& text) {
  // Some follow a link, and most put a file in its place.
  const std::string path = turns_ && turns_->chance(400) ? files_.real_path(diary_) : diary_;
  const InodePtr file = files_.make(path + "~new");
  files_.put(file, 0, text);
  if (random_.chance(700)) files_.sync(file);
  const auto finish = [this, path] { files_.rename(path + "~new", path); };
  if (!random_.chance(150)) return finish();
  steps_.emplace_back(finish);
}

void Owner::append(const Marked& text) {
  const InodePtr file = this->file();
  files_.put(file, file->now.size(), text);
  if (random_.chance(300)) files_.sync(file);
}

Marked Owner::note(bool newline) {
  return {fmt::format("note {} of the owner{}", ++notes_, newline ? "\n" : ""), author::owner};
}

Marked Owner::own_entry() {
  const Timestamp time{1'761'600'000'000'000 + 60'000'000LL * ++notes_, 480};
  return {encode({time, fmt::format("entry {} of the owner", notes_)}), author::owner};
}

void Owner::act(bool before_write) {
  hidden_ = false;
  if (!steps_.empty()) {
    story_.tell("the owner's save goes on");
    const auto step = std::move(steps_.front());
    steps_.pop_front();
    return step();
  }
  if (before_write && random_.chance(300)) return append_note();
  begin_something();
}

void Owner::act_in_sync() {
  story_.happens(Kind::owner_in_sync, "while the server's sync is under way");
  if (!buffer_ || random_.chance(500)) read_into_buffer();
  buffer_ ? save_buffer_by_rename() : append_note();
}

void Owner::begin_something() {
  if (turns_ && turns_->chance(250)) return turns_->chance(500) ? turn_link() : turn_link_to_copy();
  if (!buffer_ || random_.chance(250)) read_into_buffer();
  using Something = void (Owner::*)();
  static constexpr std::array all{
      &Owner::write_buffer_over,
      &Owner::write_same_size,
      &Owner::save_buffer_by_rename,
      &Owner::copy_buffer_in,
      &Owner::sort_lines,
      &Owner::sort_entries,
      &Owner::cut,
      &Owner::append_entry,
      &Owner::append_entry,
      &Owner::append_note,
      &Owner::append_note,
      &Owner::rescue,
      &Owner::rescue,
      &Owner::change_line,
      &Owner::take_out_entry,
      &Owner::make_crlf,
      &Owner::remove,
      &Owner::move_older_copy,
  };
  const Something something = all[random_.below(all.size())];
  (this->*something)();
}

void Owner::write_buffer_over() {
  if (!buffer_) return;
  Marked text = *buffer_;
  if (random_.chance(500)) text.append(own_entry());
  story_.happens(Kind::owner_in_place, "the owner writes his buffer of {} bytes over the file", text.size());
  write_over(text, 0);
  buffer_ = text;
}

/// The size stays what it is, for what is missing he has written himself, and times are set back.
void Owner::write_same_size() {
  const InodePtr file = files_.find(diary_);
  if (!buffer_ || !file || file->now.size() < buffer_->size() + 8) return;
  Marked text = *buffer_;
  const std::size_t lacks = file->now.size() - text.size();
  text.append("mine: " + filler(lacks - 7) + "\n", author::owner);
  story_.happens(Kind::owner_same_size, "the owner writes over the file, {} bytes as before, times as before",
                 text.size());
  const auto mtime = static_cast<std::uint64_t>(file->mtime);
  write_over(text, mtime);
  buffer_ = text;
}

void Owner::save_buffer_by_rename() {
  if (!buffer_) return;
  Marked text = *buffer_;
  if (random_.chance(500)) text.append(own_entry());
  story_.happens(Kind::owner_by_rename, "the owner saves his buffer of {} bytes by rename", text.size());
  replace(text);
}

void Owner::copy_buffer_in() {
  if (!buffer_) return;
  story_.happens(Kind::owner_copied_in, "the owner copies an earlier copy of {} bytes into the file", buffer_->size());
  const InodePtr file = this->file();
  files_.put(file, 0, *buffer_);
  if (file->now.size() > buffer_->size()) files_.cut(file, buffer_->size());
}

void Owner::sort_lines() {
  Marked text = read();
  if (!text.empty() && !text.bytes.ends_with('\n')) text.append("\n", author::owner);
  Lines lines = text.lines();
  std::stable_sort(lines.begin(), lines.end(), [](const Marked& a, const Marked& b) { return a.bytes < b.bytes; });
  story_.happens(Kind::owner_sorted_lines, "the owner sorts the lines (sort -o)");
  write_over(joined(lines), 0);
}

void Owner::sort_entries() {
  Lines all = items(read());
  if (!all.empty() && !all.back().bytes.ends_with('\n')) all.back().append("\n\n", author::owner);
  const bool down = random_.chance(500);
  std::stable_sort(all.begin(), all.end(),
                   [&](const Marked& a, const Marked& b) { return down ? b.bytes < a.bytes : a.bytes < b.bytes; });
  story_.happens(Kind::owner_sorted_entries, "the owner sorts the entries {}", down ? "downwards" : "upwards");
  random_.chance(500) ? replace(joined(all)) : write_over(joined(all), 0);
}

void Owner::cut() {
  const InodePtr file = files_.find(diary_);
  if (!file) return;
  const std::size_t size = random_.below(file->now.size() + 1);
  story_.happens(Kind::owner_cut, "the owner cuts the file from {} to {} bytes", file->now.size(), size);
  files_.cut(file, size);
}

void Owner::append_entry() {
  Marked entry = own_entry();
  if (random_.chance(200)) entry = entry.part(0, entry.size() - random_.between(1, 2));
  story_.happens(Kind::owner_appended, "the owner appends: {}", brief(entry.bytes));
  append(entry);
}

void Owner::append_note() {
  if (std::exchange(long_note_, false)) return append_long_note();
  const Marked text = note(random_.chance(200));
  story_.happens(Kind::owner_note_unfinished, "the owner appends: {}", brief(text.bytes));
  append(text);
}

void Owner::append_long_note() {
  constexpr std::size_t more_than_is_known = std::size_t{140} << 10;
  std::string text = note(true).bytes;
  while (text.size() < more_than_is_known) text += std::string(4000, '.') + "\n";
  story_.happens(Kind::owner_long_note, "the owner appends a text of {} bytes", text.size());
  append({text, author::owner});
}

/// What md2(5) calls a rescue.
void Owner::rescue() {
  std::vector<std::string> names = files_.names_in(outboxes_);
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(".outbox"); });
  if (names.empty()) return;
  const std::string name = names[random_.below(names.size())];
  const std::string bytes = files_.find(outboxes_ + "/" + name)->now.bytes;
  story_.happens(Kind::owner_rescue, "the owner appends outbox {}: {}", name, brief(bytes));
  append({bytes, author::owner});
}

std::size_t Owner::line_to_change(const Lines& lines) {
  std::vector<std::size_t> full;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].size() > 1) full.push_back(i);
  }
  return full.empty() ? lines.size() : full[random_.below(full.size())];
}

void Owner::change_line() {
  Lines lines = read().lines();
  const std::size_t at = line_to_change(lines);
  if (at == lines.size()) return;
  story_.happens(Kind::owner_changed_line, "the owner changes (sed -i): {}", brief(lines[at].bytes));
  const bool ended = lines[at].bytes.ends_with('\n');
  lines[at] = lines[at].part(0, lines[at].size() - (ended ? 1 : 0));
  lines[at].append(ended ? " (corrected)\n" : " (corrected)", author::owner);
  replace(joined(lines));
}

void Owner::take_out_entry() {
  Lines all = items(read());
  if (all.empty()) return;
  const auto gone = all.begin() + static_cast<std::ptrdiff_t>(random_.below(all.size()));
  story_.happens(Kind::owner_took_out, "the owner takes out: {}", brief(gone->bytes));
  all.erase(gone);
  random_.chance(500) ? replace(joined(all)) : write_over(joined(all), 0);
}

void Owner::make_crlf() {
  Lines lines = read().lines();
  for (Marked& line : lines) {
    if (!line.bytes.ends_with('\n') || line.bytes.ends_with("\r\n")) continue;
    const Marked newline = line.part(line.size() - 1);
    line = line.part(0, line.size() - 1);
    line.append("\r", author::owner);
    line.append(newline);
  }
  story_.happens(Kind::owner_crlf, "the owner makes all line ends CRLF (unix2dos)");
  random_.chance(500) ? replace(joined(lines)) : write_over(joined(lines), 0);
}

void Owner::remove() {
  const std::string path = turns_ && turns_->chance(500) ? files_.real_path(diary_) : diary_;
  if (files_.unlink(path) == 0) story_.happens(Kind::owner_removed, "the owner removes the file");
}

void Owner::move_older_copy() {
  if (!buffer_) return;
  story_.happens(Kind::owner_older_copy, "the owner moves an older copy of {} bytes over the file", buffer_->size());
  const InodePtr copy = files_.make(diary_ + "~copy");
  files_.put(copy, 0, *buffer_);
  copy->mtime = buffer_mtime_;
  files_.sync(copy);
  files_.rename(diary_ + "~copy", diary_);
}

/// To a file that is there, or to where the diary is moved.
void Owner::turn_link() {
  const std::string path = fmt::format("{}{}.log", far, turns_->below(3));
  const bool moves = !files_.find(path) || turns_->chance(300);
  if (moves && !files_.find(diary_)) return;
  story_.happens(Kind::owner_turned_link, "the owner {} {}, and a link to it bears the name",
                 moves ? "moves the file to" : "has another file", path);
  if (moves) files_.rename(files_.real_path(diary_), path);
  const auto finish = [this, path] {
    files_.make_link(diary_ + "~link", path);
    files_.rename(diary_ + "~link", diary_);
  };
  if (!turns_->chance(150)) return finish();
  steps_.emplace_back(finish);
}

/// The copy is of now or an older one, and what it was made of may be removed.
void Owner::turn_link_to_copy() {
  const std::string path = fmt::format("{}{}.log", far, turns_->below(3));
  const std::string before = files_.real_path(diary_);
  if (path == before) return;
  const Marked text = buffer_ && turns_->chance(500) ? *buffer_ : read();
  story_.happens(Kind::owner_turned_link, "the owner makes {} of {} bytes, and a link to it bears the name", path,
                 text.size());
  const InodePtr copy = files_.make(path);
  files_.put(copy, 0, text);
  if (turns_->chance(700)) files_.sync(copy);
  files_.make_link(diary_ + "~link", path);
  files_.rename(diary_ + "~link", diary_);
  if (before != diary_ && turns_->chance(500)) files_.unlink(before);
}

}  // namespace md2::sim

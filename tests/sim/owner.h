#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/files.h"
#include "tests/sim/story.h"

namespace md2::sim {

/// The diary's owner, with every tool that he might take. He may save in several steps, with others' calls between
/// them, and from a buffer that he read long ago.
class Owner {
 public:
  /// `long_note`: one of his notes is longer than what a server knows of a diary when it starts. `links`: the name of
  /// his diary may be a symbolic link. That chance is one of its own, so that no other world is another for it.
  Owner(Files& files, Random& random, Story& story, std::string diary, std::string outboxes, bool long_note,
        std::optional<std::uint64_t> links)
      : files_(files),
        random_(random),
        story_(story),
        diary_(std::move(diary)),
        outboxes_(std::move(outboxes)),
        long_note_(long_note) {
    if (links) turns_.emplace(*links);
  }

  /// One step: the next one of a save under way, or something new; `before_write`: a program is about to write, and
  /// to append just then is what is hardest for it.
  void act(bool before_write);

  /// Something that fits into a sync of the server: a save by rename.
  void act_in_sync();

  /// The path of his diary.
  const std::string& diary() const { return diary_; }

  bool busy() const { return !steps_.empty(); }

  /// What act() has just written left the file's size and times as they had been: no look at those shows it.
  bool hid() const { return hidden_; }

 private:
  using Lines = std::vector<Marked>;

  Marked read() const;
  void read_into_buffer();
  void write_over(const Marked& text, std::uint64_t mtime);
  void replace(const Marked& text);
  void append(const Marked& text);
  void begin_something();
  Marked note(bool newline);
  Marked own_entry();
  std::size_t line_to_change(const Lines& lines);

  void write_buffer_over();
  void write_same_size();
  void save_buffer_by_rename();
  void copy_buffer_in();
  void sort_lines();
  void sort_entries();
  void cut();
  void append_entry();
  void append_note();
  void append_long_note();
  void rescue();
  void change_line();
  void take_out_entry();
  void make_crlf();
  void remove();
  void move_older_copy();
  InodePtr file();
  void turn_link();
  void turn_link_to_copy();

  Files& files_;
  Random& random_;
  Story& story_;
  std::string diary_;
  std::string outboxes_;          ///< folder
  std::optional<Marked> buffer_;  ///< what an editor or a copy holds
  std::int64_t buffer_mtime_ = 0;
  std::deque<std::function<void()>> steps_;
  bool hidden_ = false;  ///< hid()
  int notes_ = 0;
  std::optional<Random> turns_;  ///< of links
  bool long_note_;               ///< is still to be written
};

}  // namespace md2::sim

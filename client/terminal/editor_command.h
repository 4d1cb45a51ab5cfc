#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/diary/entry.h"

namespace md2 {

/// What came of an editor.
struct Edited {
  std::optional<std::string> text;  ///< what came back; none: what was given is to stay as it was
  std::string saved;                ///< else what the editor saved all the same, as far as a line can hold it
  std::string said;                 ///< else why, a sentence for the user
  bool at_once = false;             ///< else: it came back at once with nothing changed
};

/// A text that passes through the user's editor, in a file (0600) in `folder`, which is made for it (0700; where it
/// can't be, one in $TMPDIR or /tmp), so that no other user finds it or what the editor writes beside it. It is removed
/// with this object, unless it is to stay.
class EditorFile {
 public:
  /// Throws Error when there can be no file.
  EditorFile(std::string_view text, const std::string& folder);
  ~EditorFile();
  EditorFile(const EditorFile&) = delete;
  EditorFile& operator=(const EditorFile&) = delete;

  /// Runs $VISUAL, else $EDITOR, else the first of `editor`, `nano` and `vi` that there is on it, and waits for its
  /// end. The file stays, and is named, when it holds what did not come back, or may still be written: an editor that
  /// only asks another process for a window comes back at once.
  ///
  /// The terminal must be in its usual modes, and has them again afterwards whatever the editor leaves. Ctrl-C is the
  /// editor's meanwhile; when the editor stops (Ctrl-Z), so does this process. Throws Error when there is no editor to
  /// be started. Of what came back the newline is left out that editors put at the end.
  Edited edit();

  /// Whether it stays: somebody is told where it is.
  void stay(bool stays = true) { stays_ = stays; }

  const std::string& path() const { return path_; }

  static constexpr std::size_t max_size = 16 * max_text;  ///< bytes; a text that is longer does not come back

 private:
  std::string make_folder(const std::string& folder);
  std::string contents() const;
  Edited take_back(int status, bool quick);

  std::string given_;
  std::string temporary_;  ///< folder that is removed with the file
  std::string path_;
  bool stays_ = false;
};

/// The text as an EditorFile brings it back, once.
Edited edit_text(std::string_view text, const std::string& folder);

}  // namespace md2

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace md2 {

/// What came of an editor.
struct Edited {
  std::optional<std::string> text;  ///< what came back; none: the line is to stay as it was
  std::string saved;                ///< else what the editor saved all the same, as far as a line can hold it
  std::string said;                 ///< else why, a sentence for the user
};

/// Runs $VISUAL, else $EDITOR, else the first of `editor`, `nano` and `vi` that there is on `text`, and waits for its
/// end. The text passes through a file (0600) in `folder`, which is made for it (0700; where it can't be, one in
/// $TMPDIR or /tmp), so that no other user finds it or what the editor writes beside it. The file is removed when its
/// text came back or nothing was saved. It stays, and is named, when it holds what did not come back, or may still be
/// written: an editor that only asks another process for a window comes back at once.
///
/// The terminal must be in its usual modes, and has them again afterwards whatever the editor leaves. Ctrl-C is the
/// editor's meanwhile; when the editor stops (Ctrl-Z), so does this process. Throws Error when there is no file or no
/// editor to be started. Of what came back the newline is left out that editors put at the end.
Edited edit_text(std::string_view text, const std::string& folder);

}  // namespace md2

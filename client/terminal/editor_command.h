#pragma once

#include <string>
#include <string_view>

namespace md2 {

/// What came back from the user's editor.
struct Edited {
  std::string text;   ///< without the newline that editors put at the end
  std::string fault;  ///< why there is no text, as a sentence; empty when there is
};

/// Runs ${VISUAL:-${EDITOR:-vi}} on `text` and waits for its end. The text passes through a temporary file (0600, in
/// $TMPDIR or /tmp) that is removed afterwards. The terminal must be in its usual modes, and has them again afterwards
/// whatever the editor leaves. Ctrl-C is the editor's meanwhile; when the editor stops (Ctrl-Z), so does this process.
Edited edit_text(std::string_view text);

}  // namespace md2

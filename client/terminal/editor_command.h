#pragma once

#include <string>
#include <string_view>

namespace md2 {

/// Runs ${VISUAL:-${EDITOR:-vi}} on `text` and waits for its end. The text passes through a temporary file (0600, in
/// $TMPDIR or /tmp) that is removed afterwards. The terminal must be in its usual modes, and has them again afterwards
/// whatever the editor leaves. Ctrl-C is the editor's meanwhile; when the editor stops (Ctrl-Z), so does this process.
/// Gives what came back, without the newline that editors put at the end; throws Error when there is nothing.
std::string edit_text(std::string_view text);

}  // namespace md2

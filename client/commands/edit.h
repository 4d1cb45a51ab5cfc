#pragma once

#include <functional>
#include <string>
#include <vector>

#include "client/commands/editable.h"
#include "client/link/client.h"
#include "client/terminal/signals.h"

namespace md2 {

/// Whether somebody is asked before an entry is struck out.
struct Asking {
  bool yes = false;            ///< he has said yes to all
  Signals* signals = nullptr;  ///< of a prompt: Ctrl-C ends the questions
};

/// Keeps entries in diary format, as Client::keep does.
using Keep = std::function<void(const std::vector<std::string>& encoded)>;

/// Gives the entries to the editor. Texts that changed become corrections, entries that are gone are struck out, when
/// that is wanted, and paragraphs without a header are entries of now. Returns what is to be said of it. Throws Error
/// when nothing of it is kept; what the editor left then stays in a file, which is named.
std::string edit_entries(Client& client, const std::vector<Editable>& entries, const Asking& asking, const Keep& keep);

/// Strikes those of the entries out of which that is wanted; each is shown and asked for. Returns what is to be said of
/// it. Throws Error when nothing of it is kept.
std::string strike_entries(Client& client, const std::vector<Editable>& entries, const Asking& asking,
                           const Keep& keep);

/// What the prompt and the command edit at most.
inline constexpr std::size_t most_edited = 1000;

}  // namespace md2

#pragma once

#include <string>

namespace md2 {

/// The folders of the XDG Base Directory Specification, each with `/md2` at its end. Throws Error when neither the
/// variable nor HOME is an absolute path.
std::string config_folder();  ///< keys: $XDG_CONFIG_HOME, else ~/.config
std::string data_folder();    ///< the diary: $XDG_DATA_HOME, else ~/.local/share
std::string state_folder();   ///< outbox, line history, server.log: $XDG_STATE_HOME, else ~/.local/state

/// Creates `folder` and what is missing above it, 0700 as the specification asks. Throws Error.
void make_folders(const std::string& folder);

/// The part of `path` before its last slash; "." when there is none.
std::string folder_of(const std::string& path);

}  // namespace md2

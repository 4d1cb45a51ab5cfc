#pragma once

#include <string>

namespace md2 {

/// Where the keys of a diary are when nobody says otherwise. Those of the default diary: default_key_file(). Any other
/// diary has a file of its own, `diaries/PATH.keys` in config_folder(), PATH being its real path with what is not a
/// letter, a digit or one of `.-_` as %XX: who may read one diary of a machine can't read the others.
///
/// Turned down: beside the diary, where a sync tool, a repository or a backup takes keys along, and where a file system
/// without modes makes them everybody's.
std::string key_file_of(const std::string& diary);

/// The same for the diary of a real path, whatever is there by now.
std::string key_file_at(const std::string& real);

/// The default diary, whether or not it is there yet.
std::string default_diary();

}  // namespace md2

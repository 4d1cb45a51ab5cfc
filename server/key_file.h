#pragma once

#include <string>

namespace md2 {

/// Before diaries had files of their own, one opened all. A diary that was served then, and has never been since (no
/// identity lies beside it), takes that file over as `keys`: those who could read it still can. So does one whose name
/// led elsewhere when it was served last (Whereabouts): with its identity, its keys go along. Throws Error.
void take_over_keys(const std::string& diary, const std::string& keys);

/// The diary went from one real path to another: so does its key file, in the place of one that is there, for who was
/// shut out of the diary stays out. That of the default diary is copied, and stays. Throws Error.
void bring_keys(const std::string& from, const std::string& to);

}  // namespace md2

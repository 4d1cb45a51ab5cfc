#pragma once

#include <string>

namespace md2 {

/// Before diaries had files of their own, one opened all. A diary that was served then, and has never been since (no
/// identity lies beside it), takes that file over as `keys`: those who could read it still can. So does one whose name
/// led elsewhere when it was served last (Place), of the keys that it had there. Throws Error.
void take_over_keys(const std::string& diary, const std::string& keys);

}  // namespace md2

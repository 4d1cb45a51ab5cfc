#pragma once

#include <string>

namespace md2 {

/// Appends the next piece of `fd`, at most 64 KiB, to `to`. False at the end. Throws Error that names `name`.
bool read_piece(int fd, const std::string& name, std::string& to);

}  // namespace md2

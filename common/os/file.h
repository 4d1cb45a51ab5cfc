#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/os/unique_fd.h"

namespace md2 {

/// write(2) until all of `bytes` is written or an error other than EINTR comes. Returns how many bytes were written;
/// errno tells why when that is fewer.
std::size_t write_all(int fd, std::string_view bytes);

/// pread(2) until `size` bytes are read, the end of the file or an error other than EINTR comes. Returns how many; -1
/// on an error.
std::ptrdiff_t read_at(int fd, std::uint64_t offset, char* to, std::size_t size);

/// fsync(2) of the folder that holds `path`, so that a name made in it survives a power cut. Throws Error.
void sync_folder_of(const std::string& path);

/// Opens (0600, created if missing) and locks `path` with flock(2). Gives no descriptor when somebody else holds the
/// lock. Throws Error. The lock ends with the descriptor.
UniqueFd try_lock(const std::string& path);

/// The same, but waits for the lock.
UniqueFd lock(const std::string& path);

}  // namespace md2

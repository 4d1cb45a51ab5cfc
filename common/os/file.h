#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/os/unique_fd.h"

namespace md2 {

/// write(2) until all of `bytes` is written or an error other than EINTR comes. Returns how many bytes were written;
/// errno tells why when that is fewer.
std::size_t write_all(int fd, std::string_view bytes);

/// The same with pwrite(2), to `offset`.
std::size_t write_all_at(int fd, std::uint64_t offset, std::string_view bytes);

/// What a file is to the user, for the message of an Error: `diary '/home/me/diary'`.
struct FileName {
  std::string_view kind;
  std::string_view path;

  std::string text() const;
};

/// pread(2) until `size` bytes are read or the file ends. Returns how many were read. Throws Error ("cannot read KIND
/// 'PATH'").
std::size_t read_at(int fd, std::uint64_t offset, char* to, std::size_t size, FileName name);

/// The same, into a string of at most `size` bytes.
std::string read_at(int fd, std::uint64_t offset, std::size_t size, FileName name);

/// The first `most` bytes of a file that is most often far shorter: room is taken as it is needed, as the first touch
/// of a page costs more than a call does.
std::string read_start(int fd, std::size_t most, FileName name);

/// The whole of a small file, or its first `most` bytes; nothing when there is no such file. Throws Error ("cannot open
/// KIND 'PATH'").
std::optional<std::string> read_small_file(FileName name, std::size_t most);

/// Bytes in the open file. Throws Error ("cannot look at KIND 'PATH'").
std::uint64_t size_of(int fd, FileName name);

/// Of a file, since 1970.
std::int64_t nanoseconds(const timespec& time);

/// True when `path` names the open file, and not another one that took its name; a symbolic link is not followed.
bool names(const std::string& path, int fd);

/// fsync(2) of the folder that holds `path`, so that a name made in it survives a power cut. Throws Error.
void sync_folder_of(const std::string& path);

enum class Wait {
  no,
  briefly,  ///< 0.2 s: for who only looks whether it is held (LocalServer::look)
  yes,
};

/// Locks the open file with flock(2); the lock ends with the descriptor. False when somebody else holds it and Wait is
/// not yes. Throws Error ("cannot lock KIND 'PATH'").
bool lock(int fd, Wait wait, FileName name);

/// Opens the lock file `path` (0600, created if missing) and locks it. Gives no descriptor when somebody else holds the
/// lock and Wait is not yes. Throws Error.
UniqueFd lock_file(const std::string& path, Wait wait);

}  // namespace md2

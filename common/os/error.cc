#include "common/os/error.h"

#include <array>
#include <cerrno>
#include <system_error>

#include "common/os/language.h"

namespace md2 {
namespace {

/// What strerror(3) and gai_strerror(3) of the C library say: its own translations come only with its own locales.
[[maybe_unused]] constexpr std::array said_by_the_system{
    tr_later("Operation not permitted"),
    tr_later("No such file or directory"),
    tr_later("Interrupted system call"),
    tr_later("Input/output error"),
    tr_later("No such device or address"),
    tr_later("Argument list too long"),
    tr_later("Exec format error"),
    tr_later("Bad file descriptor"),
    tr_later("Resource temporarily unavailable"),
    tr_later("Cannot allocate memory"),
    tr_later("Permission denied"),
    tr_later("Device or resource busy"),
    tr_later("File exists"),
    tr_later("Invalid cross-device link"),
    tr_later("No such device"),
    tr_later("Not a directory"),
    tr_later("Is a directory"),
    tr_later("Invalid argument"),
    tr_later("Too many open files in system"),
    tr_later("Too many open files"),
    tr_later("Inappropriate ioctl for device"),
    tr_later("Text file busy"),
    tr_later("File too large"),
    tr_later("No space left on device"),
    tr_later("Illegal seek"),
    tr_later("Read-only file system"),
    tr_later("Too many links"),
    tr_later("Broken pipe"),
    tr_later("Resource deadlock avoided"),
    tr_later("File name too long"),
    tr_later("No locks available"),
    tr_later("Function not implemented"),
    tr_later("Too many levels of symbolic links"),
    tr_later("Value too large for defined data type"),
    tr_later("Invalid or incomplete multibyte or wide character"),
    tr_later("Protocol error"),
    tr_later("Operation not supported"),
    tr_later("Address already in use"),
    tr_later("Cannot assign requested address"),
    tr_later("Address family not supported by protocol"),
    tr_later("Network is down"),
    tr_later("Network is unreachable"),
    tr_later("Software caused connection abort"),
    tr_later("Connection reset by peer"),
    tr_later("No buffer space available"),
    tr_later("Transport endpoint is not connected"),
    tr_later("Connection timed out"),
    tr_later("Connection refused"),
    tr_later("Host is down"),
    tr_later("No route to host"),
    tr_later("Stale file handle"),
    tr_later("Disk quota exceeded"),
    tr_later("Name or service not known"),
    tr_later("Temporary failure in name resolution"),
    tr_later("Non-recoverable failure in name resolution"),
    tr_later("No address associated with hostname"),
    tr_later("Memory allocation failure"),
    tr_later("Servname not supported for ai_socktype"),
};

}  // namespace

std::string errno_text(int code) {
  return tr(std::generic_category().message(code));
}

std::string with_errno(const std::string& what) {
  const int code = errno;
  return tr("{}: {}", what, errno_text(code));
}

void throw_errno(const std::string& what) {
  throw Error(with_errno(what));
}

}  // namespace md2

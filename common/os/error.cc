#include "common/os/error.h"

#include <cerrno>
#include <system_error>

namespace md2 {

std::string with_errno(const std::string& what) {
  const int code = errno;
  return what + ": " + std::generic_category().message(code);
}

void throw_errno(const std::string& what) {
  throw Error(with_errno(what));
}

}  // namespace md2

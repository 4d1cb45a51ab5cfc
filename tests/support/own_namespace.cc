#include "tests/support/own_namespace.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <string>

#include "common/os/file.h"
#include "common/os/unique_fd.h"

namespace md2::test {
namespace {

bool write_to(const char* path, const std::string& text) {
  const UniqueFd fd(::open(path, O_WRONLY | O_CLOEXEC));
  return fd && write_all(fd.get(), text) == text.size();
}

}  // namespace

bool enter_own_namespace(int kind) {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (user == 0) return unshare(kind) == 0;
  if (unshare(CLONE_NEWUSER | kind) != 0) return false;
  (void)write_to("/proc/self/setgroups", "deny");
  return write_to("/proc/self/uid_map", fmt::format("{0} {0} 1", user)) &&
         write_to("/proc/self/gid_map", fmt::format("{0} {0} 1", group));
}

}  // namespace md2::test

#include "tests/support/own_names.h"

#include <unistd.h>

#include "tests/support/files.h"

namespace md2::test {

OwnNames::OwnNames(const Sandbox& sandbox, const std::string& hosts)
    : hosts_(sandbox.path("hosts")), resolver_(sandbox.path("resolv.conf")) {
  write_file(hosts_, hosts);
  write_file(resolver_, "nameserver 127.0.0.1\noptions timeout:20 attempts:3\n");
  usable_ = run(sandbox, with({"true"})).status == 0;
}

Command OwnNames::with(const Command& command) const {
  Command whole{"unshare", "--mount"};
  if (geteuid() != 0) whole.emplace_back("--map-root-user");
  const Command mounted{
      "sh", "-c", "mount --bind \"$0\" /etc/hosts && mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"",
      hosts_, resolver_};
  whole.insert(whole.end(), mounted.begin(), mounted.end());
  whole.insert(whole.end(), command.begin(), command.end());
  return whole;
}

}  // namespace md2::test

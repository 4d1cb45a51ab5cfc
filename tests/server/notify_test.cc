#include "server/notify.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "tests/support/child.h"
#include "tests/support/deadline.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/service_manager.h"

using namespace md2;
using namespace md2::test;

namespace {

/// Tells the manager in a process of its own, which says what it logs.
std::string logged_by_telling(const std::string& address) {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  const ScopedVariable asked("NOTIFY_SOCKET", address.c_str());
  CHECK(in_child([&] {
          alarm(static_cast<unsigned>(patience().count() / 1000));
          dup2(write_end.get(), STDERR_FILENO);
          notify("READY=1");
          return 0;
        }) == 0);
  write_end.reset();
  std::string said(4096, ' ');
  const ssize_t count = read(read_end.get(), said.data(), said.size());
  said.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return said;
}

}  // namespace

TEST_CASE("the service manager is told at the path, or at the abstract name, that it has given; nobody else is") {
  for (const auto kind : {ServiceManager::Kind::path, ServiceManager::Kind::abstract_name}) {
    ServiceManager manager(kind);
    const ScopedVariable asked("NOTIFY_SOCKET", manager.address().c_str());
    notify("READY=1\nSTATUS=serves");
    CHECK(manager.next() == "READY=1\nSTATUS=serves");
    const ScopedVariable silent("NOTIFY_SOCKET", nullptr);
    notify("STOPPING=1");
    const ScopedVariable empty("NOTIFY_SOCKET", "");
    notify("STOPPING=1");
    CHECK(manager.told_nothing());
  }
}

TEST_CASE("a service manager that can't be told is named in the log") {
  const auto tells = [](const std::string& address, const std::string& why) {
    return logged_by_telling(address).find("cannot tell the service manager at '" + address + "': " + why) !=
           std::string::npos;
  };
  CHECK(tells("/nowhere/notify", "No such file or directory"));
  CHECK(tells("@" + std::string(40, 'n'), "Connection refused"));
  CHECK(tells("vsock:2:1234", "this is no address of a local socket"));
  CHECK(tells("/" + std::string(200, 'n'), "this is no address of a local socket"));
}

TEST_CASE("a service manager that reads nothing holds nobody up for long") {
  ServiceManager manager(ServiceManager::Kind::path);
  manager.fill();
  CHECK(logged_by_telling(manager.address()).find("Resource temporarily unavailable") != std::string::npos);
}

#include "client/link/resolver.h"

#include <fmt/format.h>

#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "client/terminal/signals.h"
#include "client/terminal/wake_pipe.h"
#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {

/// Of the thread and of whoever asked, as long as either lives.
struct Resolver::LookUp {
  explicit LookUp(Address what) : address(std::move(what)) {}

  const Address address;
  WakePipe done;
  std::mutex mutex;  ///< guards what follows; nothing waits under it
  bool known = false;
  std::vector<SocketAddress> found;
  std::string fault;  ///< when nothing was found

  void run() {
    std::vector<SocketAddress> addresses;
    std::string why;
    try {
      addresses = look_up(address, tr("cannot connect to {}", to_string(address)));
    } catch (const std::exception& error) {
      why = error.what();
    }
    const std::lock_guard lock(mutex);
    known = true;
    found = std::move(addresses);
    fault = std::move(why);
    done.wake();
  }
};

void Resolver::ask(const Address& address) {
  if (under_way_) return;
  under_way_ = std::make_shared<LookUp>(address);
  const SignalsBlocked blocked;  // the thread gets none
  try {
    std::thread([look_up = under_way_] { look_up->run(); }).detach();
  } catch (const std::system_error& error) {
    under_way_.reset();
    throw Error(tr("cannot connect to {}: {}", to_string(address), error.what()));
  }
}

int Resolver::fd() const {
  return under_way_->done.fd();
}

std::optional<std::vector<SocketAddress>> Resolver::take() {
  std::vector<SocketAddress> found;
  std::string fault;
  {
    const std::lock_guard lock(under_way_->mutex);
    if (!under_way_->known) return std::nullopt;
    found = std::move(under_way_->found);
    fault = std::move(under_way_->fault);
  }
  under_way_.reset();
  if (found.empty()) throw Error(fault);
  return found;
}

}  // namespace md2

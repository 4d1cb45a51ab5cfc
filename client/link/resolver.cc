#include "client/link/resolver.h"

#include <netdb.h>

#include <mutex>
#include <new>
#include <string>
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
  std::optional<LookedUp> answer;

  void run() {
    LookedUp looked_up;
    try {
      looked_up = look_up(address);
    } catch (const std::bad_alloc&) {
      looked_up.fault = EAI_MEMORY;
    }
    const std::lock_guard lock(mutex);
    answer = std::move(looked_up);
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
  LookedUp answer;
  {
    const std::lock_guard lock(under_way_->mutex);
    if (!under_way_->answer) return std::nullopt;
    answer = *std::move(under_way_->answer);
  }
  const std::string what = tr("cannot connect to {}", to_string(under_way_->address));
  under_way_.reset();
  return addresses_of(std::move(answer), what);
}

}  // namespace md2

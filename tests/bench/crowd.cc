#include "tests/bench/crowd.h"

#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <utility>

namespace md2::bench {

using namespace md2::test;

namespace {

constexpr int look_at_end = 20;  // milliseconds
constexpr int low_priority = 15;

}  // namespace

Crowd::Crowd(ServerProgram& server, std::size_t clients, Begin begin, Hear hear)
    : begin_(std::move(begin)), hear_(std::move(hear)) {
  clients_.reserve(clients);
  for (std::size_t i = 0; i < clients; ++i) clients_.emplace_back(server);
  thread_ = std::thread([this] { live(); });
}

Crowd::~Crowd() {
  over_ = true;
  thread_.join();
}

void Crowd::live() {
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), low_priority);
  for (std::size_t i = 0; i < clients_.size() && !over_; ++i) begin_(clients_[i], i);
  while (!over_) move();
}

void Crowd::move() {
  std::vector<pollfd> items;
  items.reserve(clients_.size());
  for (WireClient& client : clients_) {
    const bool ended = client.ended();
    items.push_back(
        {ended ? -1 : client.fd(), static_cast<short>(!ended && client.wants_write() ? POLLIN | POLLOUT : POLLIN), 0});
  }
  if (poll(items.data(), items.size(), look_at_end) <= 0) return;
  for (std::size_t i = 0; i < clients_.size() && !over_; ++i) {
    if (items[i].revents == 0) continue;
    clients_[i].step();
    while (const auto message = clients_[i].take()) hear_(clients_[i], i, *message);
  }
}

}  // namespace md2::bench

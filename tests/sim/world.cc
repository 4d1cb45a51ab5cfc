#include "tests/sim/world.h"

#include <algorithm>
#include <utility>

namespace md2::sim {
namespace {

const std::string home = "/home";
const std::string outboxes = "/home/outbox";
const std::array<std::string, 2> diaries{"/home/one/md4logging.log", "/home/two/md4logging.log"};
constexpr std::size_t most_clients = 3;

/// Microseconds until a server compares the diary, whatever its size and times say (Proof).
constexpr std::int64_t compared_after = 1'000'000;

}  // namespace

World::World(std::uint64_t seed, const Settings& settings, Story& story)
    : random_(seed),
      steps_(settings.steps),
      mutant_(settings.mutant),
      without_(settings.without),
      story_(story),
      climate_(climate()),
      ledger_(files_, story, {diaries[0], diaries[1]}, outboxes),
      owner_(files_, random_, story, diaries[0], outboxes, seed % 6 == 0,
             seed % 11 == 0 || seed % 11 == 9 ? std::optional(seed) : std::nullopt),
      states_(files_, ledger_, {diaries[0], diaries[1]}),
      removals_(files_, diaries[0]) {
  for (const char* folder : {"/home", "/home/outbox", "/home/one", "/home/two", "/home/far"}) files_.mkdir(folder);
  if (random_.chance(500)) return;  // else there is an old diary
  const InodePtr old = files_.make(diaries[0]);
  files_.put(old, 0, {"an old diary, without headers\n", author::owner});
  files_.sync(old);
  files_.sync_names("/home/one");
}

World::~World() {
  calm_ = true;
  clients_.clear();
  for (auto& server : servers_) server.reset();
}

/// All chances are taken, so that what is left out changes nothing else.
World::Climate World::climate() {
  Climate is{};
  const auto chance = [&](std::string_view name, std::size_t per_mille) {
    return random_.chance(per_mille) && without_.find(name) == std::string::npos;
  };
  is.kills = chance("kills", 600);
  is.power = chance("power", 400);
  is.cuts = chance("cuts", 500);
  is.owner = chance("owner", 500);
  is.owner_between = chance("between", 500) && is.owner;
  is.full = chance("full", 250);
  is.syncs_fail = chance("syncs", 200);
  is.short_writes = chance("short", 250);
  is.clocks = chance("clocks", 300);
  is.zones = chance("zones", 300);
  is.impossible = chance("impossible", 80);
  is.other = chance("other", 100);
  is.reads = chance("reads", 400);
  is.corrects = chance("corrects", 400);
  return is;
}

void World::run() {
  start_server(0);
  start_client();
  for (std::size_t i = 0; i < steps_; ++i) {
    step();
    finish_step();
  }
  drain();
}

void World::finish_step() {
  note_states();
  ledger_.check();
}

void World::pass(std::size_t most_milliseconds) {
  time_.micros += static_cast<std::int64_t>(random_.below(most_milliseconds * 1000 + 1));
  story_.at(static_cast<double>(time_.micros) / 1e6);
}

void World::step() {
  pass(random_.chance(50) ? 8000 : 60);
  const std::size_t choice = random_.below(1000);
  const std::size_t client = random_.below(clients_.size());
  if (choice < 320) return server_turn(servers_[1] && random_.chance(300) ? 1 : 0);
  if (choice < 700) return client_step(client);
  if (choice < 770) {
    if (clients_.empty()) return start_client();
    const std::size_t entries = random_.chance(200) ? random_.between(2, 6) : 1;
    return with_client(client, clients_[client]->write(entries));
  }
  if (choice < 785) return start_client();
  if (choice < 800) return leave_client(client);
  if (choice < 820) return servers_[0] ? stop_server(0) : start_server(0);
  if (choice < 865) return kill_something();
  if (choice < 880) return climate_.power && random_.chance(500) ? cut_power() : pass(100);
  if (choice < 895) return cut_connection();
  if (choice < 920) return disk_trouble();
  if (choice < 940) return clock_trouble();
  if (choice < 965) {
    if (climate_.reads && client < clients_.size()) clients_[client]->ask();
    return;
  }
  if (choice < 995) return owner_acts(false);
  settle();
}

void World::start_server(std::size_t number) {
  if (servers_[number]) return;
  auto& server = servers_[number];
  server = std::make_unique<SimServer>(files_, *this, clock_, next_process_++, random_, diaries[number]);
  story_.happens(Kind::server_started, "a server starts for diary {}", number + 1);
  in_turn_ = number == 0;
  const auto outcome = server->start();
  if (number == 0 && outcome == SimServer::Outcome::fine) ledger_.server_has_started();
  after_server(number, outcome);
}

void World::server_turn(std::size_t number) {
  if (!servers_[number]) return start_server(number);
  in_turn_ = number == 0;
  if (in_turn_ && time_.micros >= hidden_until_) ledger_.server_looks();
  after_server(number, servers_[number]->turn());
}

void World::after_server(std::size_t number, SimServer::Outcome outcome) {
  in_turn_ = false;
  auto& server = servers_[number];
  for (const std::string& line : server->take_reports()) story_.tell("the server says: {}", line);
  if (outcome == SimServer::Outcome::fine) return;
  removals_.server_died();
  if (outcome == SimServer::Outcome::killed) {
    story_.happens(Kind::server_killed, "the server is killed");
  } else {
    story_.happens(Kind::server_failed, "the server ends: {}", server->error());
  }
  note_states();
  server.reset();
}

void World::stop_server(std::size_t number) {
  if (!servers_[number]) return;
  in_turn_ = number == 0;
  const auto outcome = servers_[number]->stop();
  story_.happens(Kind::server_left, "the server leaves");
  after_server(number, outcome);
  servers_[number].reset();
}

void World::start_client() {
  if (clients_.size() >= most_clients) return;
  const SimClient::World world{
      files_, *this, random_, story_, ledger_, *this, mutant_, outboxes, climate_.impossible, climate_.corrects};
  clients_.push_back(std::make_unique<SimClient>(world, clock_, next_process_++));
  story_.happens(Kind::client_started, "client {} starts", clients_.back()->number());
  with_client(clients_.size() - 1, clients_.back()->start());
}

/// What its last call has come to.
void World::with_client(std::size_t index, SimClient::Outcome outcome) {
  const auto client = clients_.begin() + static_cast<std::ptrdiff_t>(index);
  const int number = (*client)->number();
  if (outcome == SimClient::Outcome::killed) {
    story_.happens(Kind::client_killed, "client {} is killed", number);
  } else if (outcome == SimClient::Outcome::failed) {
    story_.tell("client {} ends: {}", number, (*client)->error());
  } else if (!(*client)->hopeless()) {
    return;
  }
  clients_.erase(client);
}

void World::client_step(std::size_t index) {
  if (clients_.empty()) return start_client();
  with_client(index, clients_[index]->step(random_.chance(700)));
}

void World::leave_client(std::size_t index) {
  if (clients_.empty()) return;
  story_.happens(Kind::client_left, "client {} leaves, {} entries wait", clients_[index]->number(),
                 clients_[index]->waiting());
  const int number = clients_[index]->number();
  with_client(index, clients_[index]->leave());
  if (index < clients_.size() && clients_[index]->number() == number) {
    clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(index));
  }
}

/// At once, or at one of its next calls.
void World::kill_something() {
  if (!climate_.kills) return;
  const bool server = random_.chance(500);
  if (server && !servers_[0]) return;
  if (!server && clients_.empty()) return;
  const std::size_t index = random_.below(clients_.size());
  doomed_ = server ? servers_[0]->number() : clients_[index]->number();
  doom_ = random_.between(0, 25);
  if (doom_ > 0) return;
  if (server) {
    servers_[0]->kill();
    return after_server(0, SimServer::Outcome::killed);
  }
  clients_[index]->kill();
  with_client(index, SimClient::Outcome::killed);
}

void World::cut_power() {
  story_.happens(Kind::power_cut, "the power is cut");
  for (auto& server : servers_) {
    if (server) server->kill();
    server.reset();
  }
  for (auto& client : clients_) client->kill();
  clients_.clear();
  removals_.look();
  removals_.server_died();
  files_.cut_power();
  removals_.look();
  ledger_.power_was_cut();
  doomed_ = 0;
}

void World::cut_connection() {
  if (!climate_.cuts || clients_.empty()) return;
  SimClient& client = *clients_[random_.below(clients_.size())];
  if (client.connection() == nullptr) return;
  story_.happens(Kind::connection_cut, "the connection of client {} is cut", client.number());
  client.connection()->cut(random_);
}

void World::disk_trouble() {
  if (files_.room != std::numeric_limits<std::uint64_t>::max()) {
    files_.room = std::numeric_limits<std::uint64_t>::max();
    return story_.tell("there is room on the disk again");
  }
  if (climate_.full && random_.chance(500)) {
    files_.room = random_.below(400);
    story_.happens(Kind::disk_full, "there is room for {} bytes on the disk", files_.room);
  } else if (climate_.syncs_fail && random_.chance(500)) {
    sync_trouble_ = true;
    story_.tell("the next sync will fail");
  }
}

void World::clock_trouble() {
  if (climate_.clocks && random_.chance(500)) {
    const bool back = random_.chance(500);
    const auto jump =
        static_cast<std::int64_t>(random_.chance(500) ? random_.below(3'000'000) : random_.below(36'000'000'000));
    clock_.ahead += back ? -jump : jump;
    story_.happens(back ? Kind::clock_back : Kind::clock_ahead, "the clock jumps {} by {} ms", back ? "back" : "ahead",
                   jump / 1000);
  }
  if (climate_.zones && random_.chance(500)) {
    clock_.offset_minutes = 60 * (static_cast<int>(random_.below(25)) - 12);
    story_.happens(Kind::zone_changed, "the zone is now {} min from UTC", clock_.offset_minutes);
  }
  if (!climate_.impossible || random_.chance(300)) return;
  if (clock_.offset_minutes >= 1440) {
    clock_.offset_minutes = 480;
  } else {
    clock_.offset_minutes = 1440;
    story_.happens(Kind::impossible_zone, "the zone is a whole day from UTC");
  }
}

void World::owner_acts(bool in_sync, bool before_write) {
  if (!climate_.owner) {
    if (climate_.other && servers_[0] && random_.chance(300)) {
      at_address_ = 1 - at_address_;
      start_server(1);
      for (auto& client : clients_) {
        if (client->connection() != nullptr) client->connection()->cut(random_);
      }
      story_.happens(Kind::other_diary, "diary {} is at the address now", at_address_ + 1);
    }
    return;
  }
  if (!servers_[0]) story_.happens(Kind::owner_without_server, "no server runs:");
  if (in_turn_ && !in_sync) story_.happens(Kind::owner_between_calls, "between two calls of the server:");
  note_states();
  ledger_.before_owner();
  in_sync ? owner_.act_in_sync() : owner_.act(before_write);
  ledger_.after_owner(in_turn_ || owner_.hid());
  if (owner_.hid()) hidden_until_ = time_.micros + compared_after;
  note_states();
}

/// Nothing bad happens, and the server has the time that it needs to look at everything.
void World::settle() {
  const bool was_calm = std::exchange(calm_, true);
  files_.room = std::numeric_limits<std::uint64_t>::max();
  doomed_ = 0;
  while (owner_.busy()) owner_acts(false);
  for (int round = 0; round < 12; ++round) {
    time_.micros += 1'100'000;
    pass(10);
    server_turn(0);
    if (servers_[1]) server_turn(1);
    note_states();
  }
  story_.happens(Kind::settled, "all is left alone for a while");
  ledger_.check_settled();
  calm_ = was_calm;
}

void World::drain() {
  calm_ = true;
  files_.room = std::numeric_limits<std::uint64_t>::max();
  clock_.offset_minutes = 480;
  sync_trouble_ = false;
  story_.tell("the end begins: nothing bad happens any more");
  while (!clients_.empty()) leave_client(0);
  if (climate_.other) start_server(1);
  settle();
  for (int lives = 0; lives < 4; ++lives) {
    at_address_ = servers_[1] && lives % 2 == 0 ? 1 : 0;  // what waits for either goes out
    start_client();
    int idle = 0;
    for (int round = 0; round < 2000 && !clients_.empty() && idle < 20; ++round) {
      pass(100);
      server_turn(0);
      if (servers_[1]) server_turn(1);
      if (clients_.empty()) break;
      client_step(0);
      finish_step();
      if (!clients_.empty()) idle = clients_[0]->waiting() == 0 && clients_[0]->caught_up() ? idle + 1 : 0;
    }
    if (!clients_.empty()) ask_at_the_end();
    if (!clients_.empty()) leave_client(0);
  }
  settle();
  ledger_.check();
  ledger_.check_end();
  // Who acts between the reads of a comparison can make it see nothing of what was always there. And what can't be
  // noted for the owner stands in the log only.
  removals_.check(ledger_, !climate_.owner_between, !climate_.full && !climate_.syncs_fail);
}

/// What is answered when all is well is what the diary shows.
void World::ask_at_the_end() {
  clients_[0]->ask();
  for (int round = 0; round < 200 && !clients_.empty() && clients_[0]->waits_for_answer(); ++round) {
    pass(100);
    server_turn(0);
    if (servers_[1]) server_turn(1);
    if (!clients_.empty()) client_step(0);
  }
}

/// Remembers what the diaries are now: for whoever asks for it, and for whoever follows.
void World::note_states() {
  std::vector<int> numbers;
  for (const auto& server : servers_) {
    if (server) numbers.push_back(server->number());
  }
  states_.note(numbers);
  removals_.look();
}

void World::asks() {
  states_.keep();
  note_states();
}

std::shared_ptr<Connection> World::connect() {
  if (!servers_[at_address_]) return nullptr;
  auto connection = std::make_shared<Connection>();
  servers_[at_address_]->accept(connection);
  return connection;
}

}  // namespace md2::sim

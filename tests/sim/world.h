#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/ledger.h"
#include "tests/sim/mutant.h"
#include "tests/sim/owner.h"
#include "tests/sim/removals.h"
#include "tests/sim/run.h"
#include "tests/sim/sim_client.h"
#include "tests/sim/sim_server.h"
#include "tests/sim/states.h"

namespace md2::sim {

/// One seed's world: machines, programs, people and misfortune.
class World : public Interference, public Address {
 public:
  World(std::uint64_t seed, const Settings& settings, Story& story);
  ~World() override;

  /// To its end, when all is well again, and everything that waits has gone out.
  void run();

  const Ledger& ledger() const { return ledger_; }

 private:
  /// What can happen in this world: each seed has some of it, so that one misfortune does not hide another.
  struct Climate {
    bool kills, power, cuts, owner, owner_between, full, syncs_fail, short_writes, clocks, zones, impossible, other,
        reads, corrects;
  };

  Climate climate();
  void step();
  void pass(std::size_t most_milliseconds);
  void finish_step();

  void start_server(std::size_t number);
  void server_turn(std::size_t number);
  void after_server(std::size_t number, SimServer::Outcome outcome);
  void stop_server(std::size_t number);
  void start_client();
  void with_client(std::size_t index, SimClient::Outcome outcome);
  void client_step(std::size_t index);
  void leave_client(std::size_t index);
  void kill_something();
  void cut_power();
  void cut_connection();
  void disk_trouble();
  void clock_trouble();
  void owner_acts(bool in_sync, bool before_write = false);
  void settle();
  void drain();
  void ask_at_the_end();
  void note_states();

  bool between_calls(int process, Call call, bool within) override;
  bool sync_fails(int process) override;
  void pages_lost() override { ledger_.excuse_copies(); }
  bool sync_lies(int process) override;
  std::size_t written_at_once(int process, std::size_t bytes) override;
  void cutting(int process, const Inode& inode, std::uint64_t size) override;

  std::shared_ptr<Connection> connect() override;
  std::size_t diary() const override { return at_address_; }
  void asks() override;
  bool was_a_state(const std::string& answer, bool corrected) const override { return states_.was(answer, corrected); }
  bool was_a_line(const std::string& line, std::size_t first) const override { return states_.had_line(line, first); }
  bool others_act() const override { return climate_.owner || climate_.other; }
  bool holds(std::uint64_t offset, const std::string& bytes) const override { return states_.hold(offset, bytes); }
  void announced(const std::string& text) override { removals_.announced(text); }

  bool is_server(int process) const;

  Random random_;
  std::size_t steps_;
  Mutant mutant_;
  std::string without_;
  Story& story_;
  Climate climate_;
  Files files_{random_};
  Time time_;
  SimClock clock_{time_};
  Ledger ledger_;
  Owner owner_;
  std::array<std::unique_ptr<SimServer>, 2> servers_;
  std::vector<std::unique_ptr<SimClient>> clients_;
  std::size_t at_address_ = 0;
  std::int64_t hidden_until_ = 0;  ///< what the owner has done with size and times as they were
  int next_process_ = 1;

  bool calm_ = false;          ///< nothing bad happens
  bool in_turn_ = false;       ///< of the first server
  int doomed_ = 0;             ///< the process that will be killed
  std::size_t doom_ = 0;       ///< at this call from now
  bool sync_trouble_ = false;  ///< the next sync fails
  States states_;
  Removals removals_;
};

}  // namespace md2::sim

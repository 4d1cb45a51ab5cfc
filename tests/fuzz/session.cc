// The server's side of three conversations on one diary, of which one may only write, with a disk that fills up and an
// owner who edits the file: whatever a client says, it gets messages, the diary stays a diary, and no turn goes on for
// ever.
#include "server/session.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "common/diary/identity.h"
#include "common/os/error.h"
#include "tests/fuzz/input.h"
#include "tests/support/fake_disk.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::fuzz;

namespace {

std::string fresh_file(const test::TemporaryFolder& folder) {
  for (const auto& item : std::filesystem::directory_iterator(folder.path())) std::filesystem::remove(item);
  return folder.path("diary");
}

class Fuzz {
 public:
  explicit Fuzz(const std::string& file) : file_(file), diary_(file, [](const std::string&) {}) {
    disk_.pretends_to_sync = true;
    for (Client& client : clients_) client.session.greet(client.rights);
  }

  void run(Input& input) {
    while (!input.empty()) {
      step(input);
      turn();
    }
    disk_.room = std::numeric_limits<std::uint64_t>::max();
    for (Client& client : clients_) client.session.end_input();
    const auto busy = [](const Client& client) { return client.session.busy(); };
    for (int turns = 0; std::any_of(clients_.begin(), clients_.end(), busy); ++turns) {
      require(turns < 10'000);
      turn();
    }
    for (const Client& client : clients_) require(client.reader.pending() == 0);
  }

 private:
  struct Client {
    Client(Fuzz& fuzz, Rights may)
        : rights(may), session(fuzz.diary_, std::string(identity_digits, '5'), [&fuzz](std::string_view text) {
            return fuzz.announce(text);
          }) {}

    Rights rights;
    Session session;
    MessageReader reader{Role::server};
    std::uint64_t cursor = 0;
    bool restarted = true;  ///< the offsets have begun anew
  };

  void step(Input& input) {
    const std::uint8_t what = input.byte();
    Client& client = clients_[what % clients_.size()];
    std::string bytes;
    switch (what / clients_.size() % 8) {
      case 0:
        bytes = input.bytes(input.byte());
        break;
      case 1:
        append_message(bytes, Verb::write, input.byte(), input.bytes(input.byte()), input.byte() % 8);
        break;
      case 2: {  // an entry that is one, one of few
        Entry entry{{1446038763000000 + input.byte() % 8, 480}, std::string(1 + input.byte() % 4, 'a')};
        if (input.byte() % 2 == 0)
          entry.text = correction_text({{{1446038763000000 + input.byte() % 8, 480}, name_hash(entry.text)}, "b"});
        append_message(bytes, Verb::write, input.byte(), encode(entry), input.byte() % 8);
        break;
      }
      case 3: {
        constexpr std::array verbs{Verb::hi,  Verb::r,    Verb::raw,      Verb::stop,
                                   Verb::ask, Verb::quit, Verb::announce, Verb::told};
        const Verb verb = verbs[input.byte() % verbs.size()];
        append_message(bytes, verb, input.byte(), input.bytes(input.byte()), input.byte() % 4);
        break;
      }
      case 4:
        std::ofstream(file_, std::ios::app | std::ios::binary) << input.bytes(input.byte());
        break;
      case 5:
        std::filesystem::resize_file(file_, std::min<std::uintmax_t>(std::filesystem::file_size(file_), input.byte()));
        break;
      case 6:
        disk_.room = input.byte();
        break;
      default:
        if (input.byte() == 0) client.session.say_bye("the end");
        break;
    }
    if (client.session.wants_input()) client.session.receive(bytes);
  }

  /// As server/server.cc has it.
  void turn() {
    if (const auto change = diary_.check_for_changes(); change != Diary::Change::none) {
      for (Client& client : clients_) {
        client.session.changed(change, diary_.unchanged_up_to());
        client.restarted = true;
      }
    }
    for (Client& client : clients_) client.session.handle_requests();
    const Commit commit = diary_.commit();
    for (Client& client : clients_) {
      client.session.committed(commit);
      std::string said;
      client.session.produce(said, 4096);
      require(said.size() < 300'000);
      client.reader.feed(said);
      while (const auto message = client.reader.next()) check(client, *message);
    }
  }

  void check(Client& client, const Message& message) {
    if (client.rights == Rights::write) return require(tells_nothing(message));
    if (message.verb == Verb::saved && !client.restarted) {
      std::string header(header_length, '\0');
      require(diary_.read(message.number, header.data(), header.size()) == header.size() && is_header(header));
    }
    if (message.verb == Verb::diary) client.cursor = message.number + message.text.size();
    if (message.verb == Verb::now) {
      client.cursor = message.number;
      client.restarted = false;
    }
    require(client.cursor <= diary_.durable() || client.restarted);
  }

  /// What is said of an entry is of its own bytes, or the same whatever the diary holds.
  static bool tells_nothing(const Message& message) {
    constexpr std::array verbs{Verb::greeting, Verb::saved, Verb::refused, Verb::failed,
                               Verb::found,    Verb::bye,   Verb::error};
    const bool empty = message.verb != Verb::found || message.text.empty();
    const bool same = message.verb != Verb::failed || message.text == "the diary can't take it now";
    return std::find(verbs.begin(), verbs.end(), message.verb) != verbs.end() && message.number == 0 && empty && same;
  }

  std::size_t announce(std::string_view text) {
    const Announcement shared = announcement(text);
    return static_cast<std::size_t>(std::count_if(clients_.begin(), clients_.end(),
                                                  [&](Client& client) { return client.session.announce(shared); }));
  }

  std::string file_;
  test::FakeDisk disk_;
  UseDisk use_{disk_};
  Diary diary_;
  std::array<Client, 3> clients_{Client(*this, Rights::all), Client(*this, Rights::all), Client(*this, Rights::write)};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::TemporaryFolder folder;
  Input input(data, size);
  Fuzz(fresh_file(folder)).run(input);
  return 0;
}

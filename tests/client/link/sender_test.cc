#include "client/link/sender.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/client/outbox/outbox_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

using Sinces = std::vector<std::uint64_t>;
using Texts = std::vector<std::string>;

/// A sender with an outbox and nobody at the other end but the test. Outboxes that died are written with left().
struct SenderFixture {
  OutboxFolder folder;
  std::optional<Outbox> outbox_;
  std::optional<Sender> sender_;

  /// Made at first use, so that a test can put files into the folder before.
  Outbox& outbox() { return outbox_ ? *outbox_ : outbox_.emplace(folder.path(), outbox_server); }

  Sender& sender() {
    if (!sender_) {
      sender_.emplace(outbox());
      sender_->connected();
    }
    return *sender_;
  }

  void put(const std::vector<std::string>& encoded) { outbox().put(encoded, sender().heard()); }

  /// What goes out now.
  std::vector<Message> sent(std::size_t limit = 64 << 20) {
    std::string out;
    sender().send(out, limit);
    MessageReader reader(Role::client);
    reader.feed(out);
    std::vector<Message> messages;
    while (const auto message = reader.next()) messages.push_back(*message);
    return messages;
  }

  Sinces sinces() {
    Sinces found;
    for (const Message& message : sent()) {
      CHECK(message.verb == Verb::write);
      found.push_back(message.number);
    }
    return found;
  }

  Texts texts(std::size_t limit = 64 << 20) {
    Texts found;
    for (const Message& message : sent(limit)) found.push_back(message.text);
    return found;
  }

  std::string saved(std::uint64_t at) { return answered({Verb::saved, at, {}}); }
  std::string refused() { return answered({Verb::refused, 0, "too strange"}); }
  std::string failed() { return answered({Verb::failed, 0, "the disk is full"}); }

  /// The entry that is to be told as refused.
  std::string answered(const Message& answer) {
    std::string refused;
    sender().answered(answer, [&](const Outbox::Item& item) {
      CHECK(content(outbox()).front() == item.encoded);
      refused = item.encoded;
    });
    return refused;
  }
};

}  // namespace

TEST_CASE_FIXTURE(SenderFixture, "with nothing in the outbox nothing is sent and nothing awaited") {
  CHECK(sent().empty());
  CHECK(sender().quiet());
  CHECK_FALSE(sender().failing());
}

TEST_CASE_FIXTURE(SenderFixture, "entries go out in their order, once, and each is in doubt from then on") {
  put(entry_list(0, 3));
  CHECK(texts() == entry_list(0, 3));
  CHECK_FALSE(sender().quiet());
  for (auto item = outbox().get(0); item; item = outbox().get(item->id + 1)) CHECK(item->in_doubt);
  CHECK(texts() == Texts{});
  put({entry(3)});
  CHECK(texts() == Texts{entry(3)});
}

TEST_CASE_FIXTURE(SenderFixture, "what is saved leaves the outbox, in the order of sending") {
  put(entry_list(0, 3));
  sent();
  CHECK(saved(10) == "");
  CHECK(content(outbox()) == entry_list(1, 3));
  CHECK(saved(200) == "");
  CHECK_FALSE(sender().quiet());
  CHECK(saved(400) == "");
  CHECK(sender().quiet());
  CHECK(outbox().waiting() == 0);
}

TEST_CASE_FIXTURE(SenderFixture, "what is refused stays in the outbox until it was told, and is not sent again") {
  put(entry_list(0, 2));
  sent();
  const std::uint64_t first = outbox().get(0)->id;
  CHECK(refused() == entry(0));
  CHECK_FALSE(sender().failing());
  CHECK(saved(0) == "");
  CHECK(content(outbox()) == entry_list(0, 1));
  sender().connected();
  CHECK(texts() == Texts{});
  outbox().told(first);
  CHECK(outbox().waiting() == 0);
}

TEST_CASE_FIXTURE(SenderFixture, "what was refused when its client died is sent again by the next one, and told then") {
  put({entry(0)});
  sent();
  CHECK(refused() == entry(0));
  sender_.reset();
  outbox_.reset();
  CHECK(texts() == entry_list(0, 1));
  CHECK(refused() == entry(0));
  outbox().told(outbox().get(0)->id);
  sender_.reset();
  outbox_.reset();
  CHECK(texts() == Texts{});
}

TEST_CASE_FIXTURE(SenderFixture, "what is refused and no longer in the outbox gives no bytes") {
  put({entry(0)});
  sent();
  outbox().remove(outbox().get(0)->id);
  CHECK(refused() == "");
  CHECK(sender().quiet());
}

TEST_CASE_FIXTURE(SenderFixture, "an answer to nothing is a fault of the server's") {
  CHECK_THROWS_AS(saved(0), ProtocolError);
  put({entry(0)});
  sent();
  saved(0);
  CHECK_THROWS_AS(saved(0), ProtocolError);
  CHECK_THROWS_AS(refused(), ProtocolError);
  CHECK_THROWS_AS(failed(), ProtocolError);
}

TEST_CASE_FIXTURE(SenderFixture,
                  "after a failure nothing goes out until it is tried again, then all that failed, in order") {
  put(entry_list(0, 3));
  sent();
  for (int i = 0; i < 3; ++i) {
    CAPTURE(i);
    CHECK(failed() == "");
    CHECK(sender().failing());
    CHECK(sent().empty());
  }
  CHECK(sender().quiet());
  CHECK(outbox().waiting() == 3);
  put({entry(3)});
  CHECK(sent().empty());
  sender().retry();
  CHECK_FALSE(sender().failing());
  CHECK(texts() == entry_list(0, 4));
}

TEST_CASE_FIXTURE(SenderFixture,
                  "of entries under way, those before the failed one are done and those behind it fail too") {
  put(entry_list(0, 4));
  sent();
  saved(0);
  failed();
  failed();
  failed();
  CHECK(content(outbox()) == entry_list(1, 4));
  sender().retry();
  CHECK(texts() == entry_list(1, 4));
}

TEST_CASE_FIXTURE(SenderFixture,
                  "a new connection sends again what had no answer, and a failure of the old one is forgotten") {
  put(entry_list(0, 3));
  sent();
  saved(0);
  failed();
  sender().connected();
  CHECK_FALSE(sender().failing());
  CHECK(sender().quiet());
  CHECK_THROWS_AS(saved(0), ProtocolError);
  CHECK(texts() == entry_list(1, 3));
}

TEST_CASE_FIXTURE(SenderFixture, "no more goes out than the limit lets begin, nor more than may be without an answer") {
  constexpr int most = 512;
  put(entry_list(0, most + 2));
  CHECK(texts(0) == Texts{});
  CHECK(texts(1) == entry_list(0, 1));
  CHECK(texts(entry(1).size() + 50) == entry_list(1, 3));
  CHECK(texts() == entry_list(3, most));
  CHECK(texts() == Texts{});
  saved(0);
  CHECK(texts() == entry_list(most, most + 1));
}

TEST_CASE_FIXTURE(SenderFixture, "a new entry cannot lie before the diary's end as last heard of, by whatever way") {
  sender().heard_of(9000);
  put({entry(0)});
  CHECK(sinces() == Sinces{9000});
  sender().heard_of(8000);  // news that come late
  put({entry(1)});
  CHECK(sinces() == Sinces{9000});
  saved(9000);
  put({entry(2)});
  CHECK(sinces() == Sinces{9000 + entry(0).size()});
  saved(20'000);
  put({entry(3)});
  CHECK(sinces() == Sinces{20'000 + entry(1).size()});
}

TEST_CASE_FIXTURE(SenderFixture, "on a new connection the diary's end is unknown: the file may be another one") {
  sender().heard_of(9000);
  sender().connected();
  put({entry(0)});
  CHECK(sinces() == Sinces{0});
}

TEST_CASE_FIXTURE(SenderFixture, "a SINCE that is held is that of every new entry, until 0 ends it") {
  sender().heard_of(9000);
  sender().hold_since({500, sender().heard()});
  put(entry_list(0, 2));
  CHECK(sinces() == Sinces{500, 500});
  saved(9000);
  saved(9100);
  put({entry(2)});
  CHECK(sinces() == Sinces{500});
  saved(9200);
  sender().hold_since({});
  put({entry(3)});
  CHECK(sinces() == Sinces{9200 + entry(2).size()});
}

TEST_CASE_FIXTURE(SenderFixture,
                  "a SINCE that is held is of its connection, and an entry in doubt does not believe it") {
  sender().hold_since({500, sender().heard()});
  put({entry(0)});
  CHECK(sinces() == Sinces{500});
  sender().disconnected();
  sender().connected();
  sender().heard_of(9000);
  put({entry(1)});
  CHECK(sinces() == Sinces{0, 9000});
}

TEST_CASE_FIXTURE(SenderFixture,
                  "what waited without a connection may lie anywhere: the owner may have put it into the diary") {
  put({entry(0)});
  sender().disconnected();
  outbox().put({entry(1)}, 0);
  sender().connected();
  sender().heard_of(9000);
  put({entry(2)});
  CHECK(sinces() == Sinces{0, 0, 9000});
}

TEST_CASE_FIXTURE(SenderFixture, "what was put before the owner changed the diary may stand behind where that begins") {
  sender().heard_of(9000);
  put({entry(0)});
  sender().changed(7000, 1);
  sender().heard_of(9500);
  put({entry(1)});
  CHECK(sinces() == Sinces{7000, 9500});
  CHECK_THROWS_AS(sender().changed(0, 3), ProtocolError);
}

TEST_CASE_FIXTURE(SenderFixture,
                  "what is put behind a change of the owner's can't stand before the end heard of before it") {
  sender().heard_of(9000);
  sender().changed(0, 1);
  put({entry(0)});
  CHECK(sinces() == Sinces{9000});
}

TEST_CASE_FIXTURE(SenderFixture, "the end heard of after a change counts, also where the owner has cut the diary") {
  sender().heard_of(9000);
  sender().changed(0, 1);
  sender().heard_of(500);
  put({entry(0)});
  CHECK(sinces() == Sinces{500});
  saved(500);
  sender().heard_of(100);
  put({entry(1)});
  CHECK(sinces() == Sinces{500 + entry(0).size()});
}

TEST_CASE_FIXTURE(SenderFixture,
                  "those in doubt go out together, each with SINCE 0: their owner may have sorted the diary") {
  write_file(folder.left(), entries(0, 4));
  sender().heard_of(9000);
  CHECK(sinces() == Sinces{0, 0, 0, 0});
  saved(500);
  saved(100);
  saved(9000);
  saved(9100);
  CHECK(outbox().waiting() == 0);
}

TEST_CASE_FIXTURE(SenderFixture, "new entries follow one in doubt at once, with their own SINCE") {
  write_file(folder.left(), entry(0));
  put(entry_list(1, 3));
  sender().heard_of(9000);
  CHECK(sinces() == Sinces{0, 9000, 9000});
}

TEST_CASE_FIXTURE(SenderFixture,
                  "each entry goes out with the number of changes that were heard of before it was sent") {
  put({entry(0)});
  CHECK(sent().at(0).second == 0);
  sender().changed(0, 1);
  sender().changed(0, 2);
  put({entry(1), entry(2)});
  const std::vector<Message> messages = sent();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].second == 2);
  CHECK(messages[1].second == 2);
  sender().disconnected();
  sender().connected();
  CHECK(sent().at(0).second == 0);
}

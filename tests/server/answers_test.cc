#include "server/answers.h"

#include <doctest/doctest.h>

#include <string>

using namespace md2;

TEST_CASE("answers know how many of each kind there are and what they hold, whatever becomes of them") {
  Answers answers;
  answers.push(Message{Verb::saved, 1, {}});
  answers.push(Lookup(std::string(5000, 'x'), 0));
  answers.push(Added{0, std::string(700, 'x')});
  answers.push_before_lookups(announcement("tea"));
  CHECK(std::holds_alternative<Announcement>(*(answers.begin() + 1)));
  CHECK(answers.count<Lookup>() == 1);
  CHECK(answers.count<Added>() == 1);
  CHECK(answers.bytes() > 5700);
  CHECK(answers.bytes() < 5700 + 4 * (sizeof(Answer) + 100));
  answers.turn(*answers.first_lookup(), Message{Verb::saved, 0, {}});
  CHECK(answers.count<Lookup>() == 0);
  CHECK(answers.first_lookup() == answers.end());
  CHECK(answers.bytes() < 700 + 4 * (sizeof(Answer) + 100));
  answers.keep_ready();
  CHECK(answers.size() == 3);
  CHECK(answers.count<Added>() == 0);
  while (!answers.empty()) answers.pop();
  CHECK(answers.bytes() == 0);
  CHECK(answers.count<Message>() == 0);
}

TEST_CASE("who is owed too many answers, too many bytes or too many searches is to wait") {
  Answers many;
  while (!many.full()) many.push(Message{Verb::saved, 0, {}});
  CHECK(many.size() == Answers::most);
  Answers large;
  while (!large.full()) large.push(Lookup(std::string(300'000, 'x'), 0));
  CHECK(large.size() == 4);
  Answers searches;
  while (!searches.full()) searches.push(Read{});
  CHECK(searches.size() == Answers::most_readings);
  searches.clear();
  CHECK_FALSE(searches.full());
  CHECK(searches.bytes() == 0);
}

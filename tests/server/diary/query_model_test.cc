// Answers to random questions of random diaries equal those of a model.
#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "server/diary/search.h"
#include "tests/server/diary/query_model.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string random_diary(Dice& chance) {
  std::string diary;
  for (std::size_t items = chance.below(30); items > 0; --items) {
    const std::string text = random_text(chance);
    if (chance.one_in(6)) {
      diary += chance.one_in(3) ? "\n" : "loose " + text.substr(0, text.find('\n')) + "\n";
    } else {
      diary += encode({*parse_timestamp(random_time(chance)), "." + text});
    }
  }
  return diary;
}

/// What the model finds, in diary format.
std::string answer_of_model(const ModelQuery& query, const std::string& diary) {
  EntryReader reader;
  reader.feed(diary);
  reader.finish();
  std::vector<std::string> found;
  while (auto item = reader.next()) {
    if (holds(query, item->text(), item->time)) found.push_back(item->raw);
  }
  std::string answer;
  for (std::size_t i = found.size() - std::min(query.last.value_or(found.size()), found.size()); i < found.size(); ++i)
    answer += found[i];
  return answer;
}

std::string answer_of_search(const std::string& question, const std::string& diary, std::size_t chunk) {
  const auto read = [&](std::uint64_t offset, char* to, std::size_t size) {
    size = std::min<std::size_t>(size, diary.size() - std::min<std::size_t>(offset, diary.size()));
    std::memcpy(to, diary.data() + offset, size);
    return size;
  };
  Search search(Query::parse(wire_query(question, model_today), {1999, 1, 1}), diary.size(), read, chunk);
  std::string answer;
  while (search.step(std::string::npos, std::size_t{1} << 30, answer)) {
  }
  return answer;
}

}  // namespace

TEST_CASE("answers to random questions of random diaries are those of a slow model") {
  std::size_t found = 0;
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    Dice chance(seed);
    const std::string diary = random_diary(chance);
    const ModelQuery query = make_query(chance);
    CAPTURE(seed);
    CAPTURE(query.typed);
    CAPTURE(diary);
    const std::string right = answer_of_model(query, diary);
    for (const std::size_t chunk : {std::size_t{50}, std::size_t{300}, Scanner::default_chunk}) {
      REQUIRE(answer_of_search(query.typed, diary, chunk) == right);
    }
    found += !right.empty();
  }
  CHECK(found > 2000);  // the questions are not idle
  CHECK(found < 9000);
}

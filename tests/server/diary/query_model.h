#pragma once

#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "common/diary/entry_reader.h"

// Random questions and diaries, and which items of a diary a question means, as a slow and simple model has it that is
// made of other parts than the server: it takes the question as it was made up, not as it was typed, compares
// characters one by one, and counts days.

namespace md2::test {

inline constexpr Date model_today{2024, 3, 1};  // a Friday

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return random_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class List>
  auto pick(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937 random_;
};

/// Days, counted from the epoch, and what is typed for them.
struct ModelDays {
  const char* typed;
  bool (*hold)(std::chrono::sys_days day);
};

struct ModelTerm {
  enum class Kind { days, word, tag } kind = Kind::word;
  std::string text;
  const ModelDays* days = nullptr;
};

struct ModelPart {
  bool negated = false;
  std::vector<ModelTerm> terms;
};

struct ModelQuery {
  std::vector<ModelPart> parts;
  std::optional<std::size_t> last;
  std::string typed;
};

ModelQuery make_query(Dice& chance);

/// True when what bears this text and was written on that day (an entry) is meant, but for -N.
bool holds(const ModelQuery& query, const std::string& text, std::optional<Timestamp> time);

/// Words, tags and what looks like them.
std::string random_text(Dice& chance);

/// A header's time; few, so that some are equal.
std::string random_time(Dice& chance);

}  // namespace md2::test

#pragma once

#include <string>
#include <vector>

#include "client/commands/summary.h"
#include "common/diary/timestamp.h"

namespace md2 {

/// One quiet line for who starts a prompt: in which earlier years of the diary there is something on today's day, and
/// how to see it; nothing where there is none. It is asked for, so that it is right whatever of the diary is shown.
class OnThisDay : public Summary {
 public:
  explicit OnThisDay(Date today) : today_(today) {}

  /// What is asked for it.
  static constexpr const char* query = "on-this-day";

  bool empty() const override { return false; }  // nobody has asked, so nothing is said when nothing is found
  std::string text(PageStyle style) const override;

 private:
  void add(const ReadItem& read) override;

  Date today_;
  std::vector<int> years_;  ///< before this one, each once, in the order of the diary
};

}  // namespace md2

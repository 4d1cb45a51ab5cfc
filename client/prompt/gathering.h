#pragma once

#include <memory>
#include <string>

#include "client/commands/edit.h"
#include "client/commands/summary.h"

namespace md2 {

/// Entries that are to be edited or struck out, as their answer comes.
class Gathering : public Summary {
 public:
  /// Shared with the prompt, who waits for it.
  struct Result {
    Editables entries{most_edited};
    bool strikes = false;  ///< else they are edited
    bool whole = false;    ///< all of the answer is there
  };

  explicit Gathering(std::shared_ptr<Result> result) : result_(std::move(result)) {}

  bool empty() const override { return !any_; }

  /// The end of the answer: nothing is shown of it.
  std::string text(PageStyle) const override {
    result_->whole = true;
    return {};
  }

 private:
  void add(const ReadItem& read) override {
    result_->entries.add(read);
    any_ = true;
  }

  std::shared_ptr<Result> result_;
  bool any_ = false;
};

}  // namespace md2

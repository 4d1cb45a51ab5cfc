#include "tests/common/os/docopt/docopt_reference.h"

// Its functions and not only the one that does all.
#define DOCOPT_HEADER_ONLY
#include <docopt/docopt.h>

namespace md2::test {

struct DocoptReference::Tree {
  Required pattern;
  std::vector<Option> options;
};

namespace {

std::vector<std::string> strings_of(const value& given) {
  if (given.isStringList()) return given.asStringList();
  if (given.isString()) return {given.asString()};
  return std::vector<std::string>(given && given.asBool() ? 1 : 0);
}

}  // namespace

DocoptReference::DocoptReference(const std::string& usage) {
  auto [pattern, options] = create_pattern_tree(usage);
  pattern.fix();
  tree_ = std::make_unique<const Tree>(Tree{std::move(pattern), std::move(options)});
}

DocoptReference::~DocoptReference() = default;

/// What docopt_parse() does with the tree.
DocoptReference::Answer DocoptReference::parse(const std::vector<std::string>& words) const {
  try {
    std::vector<Option> options = tree_->options;
    PatternList left = parse_argv(Tokens(words), options, false);
    extras(true, true, left);
    std::vector<std::shared_ptr<LeafPattern>> collected;
    if (!tree_->pattern.match(left, collected) || !left.empty()) return {};
    Answer answer{Kind::fits, {}};
    Required pattern = tree_->pattern;
    for (const LeafPattern* leaf : pattern.leaves()) answer.values[leaf->name()] = strings_of(leaf->getValue());
    for (const auto& leaf : collected) answer.values[leaf->name()] = strings_of(leaf->getValue());
    return answer;
  } catch (const DocoptExitHelp&) {
    return {Kind::help, {}};
  } catch (const DocoptExitVersion&) {
    return {Kind::version, {}};
  } catch (const Tokens::OptionError&) {
    return {};
  }
}

}  // namespace md2::test

#include "client/prompt/completion.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace md2;

using Words = std::vector<std::string>;

namespace {

constexpr Folding as_it_is;

}  // namespace

TEST_CASE("tags are given by how they begin, the one seen last first, each once") {
  Tags tags;
  tags.see("[2015-10-28 21:26:03.417293+08:00] 写完了#日记，睡觉 #工作 ＃日常\n第二行#to-do\n\n");
  tags.see("又是#日记");
  CHECK(tags.with_prefix("", as_it_is) == Words{"日记", "to-do", "日常", "工作"});
  CHECK(tags.with_prefix("日", as_it_is) == Words{"日记", "日常"});
  CHECK(tags.with_prefix("日记本", as_it_is) == Words{});
}

TEST_CASE("a text without a tag adds nothing, a name that is too long neither") {
  Tags tags;
  tags.see("");
  tags.see("# 没有，\xef\xbc and C#, #");
  tags.see("#" + std::string(Tags::max_name + 1, 'x'));
  CHECK(tags.with_prefix("", as_it_is) == Words{});
  tags.see("#" + std::string(Tags::max_name, 'x'));
  CHECK(tags.with_prefix("", as_it_is).size() == 1);
}

TEST_CASE("of more tags than are kept, the ones seen last stay") {
  Tags tags;
  for (int i = 0; i < 50'000; ++i) {
    tags.see(fmt::format("#t{} #always", i));
    if (i == 30'000) tags.see("#t7");
  }
  const Words all = tags.with_prefix("", as_it_is);
  CHECK(all.size() == Tags::max_tags);
  CHECK(all[0] == "always");
  CHECK(all[1] == "t49999");
  CHECK(all.back() == "t40001");
  CHECK(tags.with_prefix("t40001", as_it_is) == Words{"t40001"});
  CHECK(tags.with_prefix("t1000", as_it_is) == Words{});
}

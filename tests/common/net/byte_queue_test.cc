#include "common/net/byte_queue.h"

#include <doctest/doctest.h>

namespace md2 {

TEST_CASE("bytes leave a queue in the order they came, in parts of any size") {
  for (const std::size_t step : {1u, 3u, 100u, 70000u}) {
    CAPTURE(step);
    ByteQueue queue;
    std::string in;
    std::string out;
    const auto take = [&](std::size_t count) {
      const std::string_view part = queue.view().substr(0, count);
      out += part;
      queue.drop(part.size());
    };
    for (int i = 0; i < 3000; ++i) {
      const std::string bytes(static_cast<std::size_t>(i % 50), static_cast<char>('a' + i % 26));
      queue.append(bytes);
      in += bytes;
      CHECK(queue.size() == in.size() - out.size());
      take(step);
    }
    while (queue.size() > 0) take(step);
    CHECK(out == in);
    CHECK(queue.view().empty());
  }
}

TEST_CASE("a large buffer that one queue gave back comes to the next one empty") {
  ByteQueue first;
  first.append(std::string(100000, 'x'));
  const char* const place = first.view().data();
  first.drop(100000);
  ByteQueue small;
  small.append("small");
  CHECK(small.view() == "small");
  ByteQueue large;
  large.append(std::string(50000, 'y'));
  CHECK(large.view() == std::string(50000, 'y'));
  CHECK(large.view().data() == place);
  large.clear();
  CHECK(large.size() == 0);
}

}  // namespace md2

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

TEST_CASE("an empty queue that has made room keeps it to itself") {
  ByteQueue given_back;
  given_back.append(std::string(100000, 'x'));
  given_back.clear();
  ByteQueue empty;
  empty.reserve(8 << 20);
  empty.reserve(10000);
  empty.clear();
  ByteQueue next;
  next.append(std::string(10000, 'x'));
  CHECK(next.held() <= 512 << 10);
}

}  // namespace md2

#include "common/diary/file_items.h"

#include <algorithm>
#include <vector>

#include "common/os/file.h"
#include "common/os/language.h"

namespace md2 {

void each_item(int fd, std::uint64_t begin, std::uint64_t end,
               const std::function<void(const EntryReader::Item&)>& take) {
  EntryReader reader(begin);
  std::vector<char> block(std::size_t{64} << 10);
  const auto drain = [&] {
    while (const auto item = reader.next()) take(*item);
  };
  while (begin < end) {
    const std::size_t count = read_at(fd, begin, block.data(), std::min<std::uint64_t>(end - begin, block.size()),
                                      {tr_later("the entries of a file"), {}});
    if (count == 0) break;
    reader.feed({block.data(), count});
    begin += count;
    drain();
  }
  reader.finish();
  drain();
}

}  // namespace md2

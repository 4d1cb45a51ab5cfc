#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>

namespace md2::test {

/// The long form: every point, not a sample of them (`make torture`).
bool full_torture();

/// 1, 2, 3, 5, 8, 12, 18 ...: the points that the short form takes of a sweep; in the long form all. A sanitizer looks
/// for what is wrong at any of them: 1, 4, 13, 40 ...
int next_point(int point);

/// The distance of the points where they lie evenly: `usual` in the short form, a sanitizer's three times as wide.
std::size_t distance_of_points(std::size_t usual);

/// Calls `work` with each of the items, two at a time in two threads: what it does with one must not touch what it does
/// with another. A life of a program under strace(1) waits more than it works. CAPTURE inside `work`.
template <typename Item, std::size_t size, typename Work>
void two_at_a_time(const Item (&items)[size], const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::array<std::exception_ptr, 2> failures;
  {
    std::array<std::jthread, 2> threads;
    for (std::size_t i = 0; i < threads.size(); ++i) {
      threads[i] = std::jthread([&, i] {
        try {
          for (std::size_t at = next++; at < size; at = next++) work(items[at]);
        } catch (...) {
          failures[i] = std::current_exception();
        }
      });
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace md2::test

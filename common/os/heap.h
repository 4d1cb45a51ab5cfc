#pragma once

namespace md2 {

/// Lets malloc(3) keep up to 2 MiB that were freed. By default it gives them back to the kernel at 128 KiB, and buffers
/// that come and go with each turn of a stream then cost a page fault for every 4 KiB. All threads share one heap. At
/// the start of a program.
void keep_freed_memory();

/// Gives all that is freed back to the kernel, the pages between what is used as well. Takes milliseconds when there is
/// much.
void give_back_memory();

}  // namespace md2

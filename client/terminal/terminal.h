#pragma once

namespace md2 {

/// Makes the locale of the process one with UTF-8: the user's, or else C.UTF-8 through LC_ALL, because readline reads
/// the environment again at every line. Before any thread starts and before readline is used.
void set_utf8_locale();

/// This process may change the modes of the terminal `fd` without being stopped (SIGTTOU) or disturbing another.
bool in_foreground(int fd);

/// The terminal `fd` gives whole lines, and gives keys like Ctrl-D a meaning of its own (termios(3), ICANON).
bool reads_lines(int fd);

/// The width of the terminal `fd`; 80 when it is not known.
int columns_of(int fd);

/// The height of the terminal `fd`; 24 when it is not known.
int rows_of(int fd);

/// Colours may be written to `fd`: a terminal, not TERM=dumb, and NO_COLOR (https://no-color.org) is not set.
bool takes_colour(int fd);

/// Says that the terminal of standard input is about to get modes that a shell can't use, and whether bracketed paste
/// is part of them. From then until terminal_is_sane(), std::exit and an uncaught exception, in any thread, put back
/// the modes that the first call found.
void terminal_becomes_raw(bool bracketed_paste);
void terminal_is_sane();

}  // namespace md2

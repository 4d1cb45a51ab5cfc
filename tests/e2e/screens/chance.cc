#include "tests/e2e/screens/chance.h"

namespace md2::test {
namespace {

using Things = std::vector<std::string>;

const Things words{"the", "quick", "brown", "fox",     "jumps",      "over", "a",   "lazy", "dog",
                   "42",  "(or",   "so)",   "[other]", "\"quoted\"", "it's", "a/b", "c-d"};
const Things ideographs{"今", "天", "写", "日", "记", "会", "议", "晚", "饭", "好", "了", "从", "前", "八", "荣",
                        "耻", "散", "步", "想", "起", "一", "件", "事", "字", "、", "。", "，", "《", "》", "？"};
const Things rest{"é", "ü", "ß", "Ж", "Ω", "…", "—", "“", "·", "한", "カ", "→", "😀", "🎉", "e\u0301", "o\u0302\u0323"};
const Things tags{"#日记 ", "#work ", "#工作 ", "#w "};

const Things emacs_keys{"\x01",   "\x05",     "\x02",     "\x06",   "\033b",     "\033f",    "\x1b[3~",
                        "\x7f",   "\033d",    "\x1b\x7f", "\x0b",   "\x15",      "\x17",     "\x19",
                        "\x1by",  "\x1f",     "\x14",     "\x1bt",  "\x1bu",     "\x1bl",    "\033c",
                        "\x1b[A", "\x1b[B",   "\x1b[C",   "\x1b[D", "\x1b[H",    "\x1b[F",   "\x10",
                        "\x0e",   "\x1b<",    "\x1b>",    "\x1b\\", "\x18\x18",  "\x18\x7f", "\x1br",
                        "\x1b.",  "\x18\x15", "\x1b\x14", "\x1b ",  "\x1b[1;5C", "\x1b[1;5D"};
const Things vi_keys{"h",  "l",  "w",  "b",  "e",  "0",       "$",  "x", "X", "D",  "p", "P",  "u", "~",
                     "fa", "tx", ";",  ",",  "dw", "cwq\x1b", "yy", "k", "j", "A",  "a", "i",  "I", "R你\x1b",
                     "rz", "3l", "2x", "d$", "W",  "B",       "^",  "S", "C", "d0", ".", "yw", "|", "5|"};
const Things quoted{"\x16\x05", "\x16\x1b", "\x16\t", "\x16\x01", "\x16", "\x1b\t", "\x18", "\x16\x0b"};
const Things searches{"\x12", "\022a", "\x12天", "\x12th", "\x12zzq", "\x12\x12",
                      "e",    "好",    "\x7f",   "\x07",   "\x1bpa",  "\x1bnq"};
const Things vi_searches{"\x1b/a", "\x1b/天", "\x1b/zq", "\x1bhh?th"};
const Things lists{"\t", "\t\t", "#\t\t", " #w\t", " #w\t\t", "\x1b?", " #日\t"};

}  // namespace

Chance::Chance(std::uint32_t seed) : random_(seed) {
  static const std::vector<int> widths{80, 80, 60, 40, 33, 100, 120, 24};
  static const std::vector<int> heights{24, 24, 24, 12, 30, 40};
  setting_.columns = widths[below(widths.size())];
  setting_.rows = heights[below(heights.size())];
  setting_.fill = in_percent(60);
  switch (below(12)) {
    case 0:
      setting_.inputrc += "set show-mode-in-prompt on\n";
      break;
    case 1:
      setting_.inputrc += "set enable-bracketed-paste off\n";
      pastes_ = false;
      break;
    case 2:
      setting_.inputrc += "set horizontal-scroll-mode on\n";
      break;
    case 3:
      setting_.inputrc += "set mark-modified-lines on\n";
      break;
    case 4:
      setting_.inputrc += "set colored-completion-prefix on\nset show-all-if-ambiguous on\n";
      break;
    case 5:
      narrow_ = true;
      setting_.columns = 10 + static_cast<int>(below(10));
      break;
    case 6:
      tall_ = true;
      setting_.columns = 24;
      setting_.rows = 4 + static_cast<int>(below(3));
      break;
    default:
      break;
  }
  if (in_percent(20)) {
    vi_ = true;
    setting_.inputrc += "set editing-mode vi\n";
  }
}

std::string Chance::text(std::size_t most) {
  std::string out;
  for (std::size_t left = 1 + below(most); left > 0; --left) {
    const std::size_t kind = below(100);
    if (kind < 40) {
      out += one_of(words) + ' ';
    } else if (kind < 75) {
      for (std::size_t i = below(6); i < 6; ++i) out += one_of(ideographs);
    } else if (kind < 92) {
      out += one_of(rest);
    } else {
      out += kind < 97 ? one_of(tags) : "  ";
    }
  }
  return out;
}

/// Ends at the margin, before it or behind it.
std::string Chance::text_to_margin(int columns) {
  const int room = static_cast<int>(1 + below(3)) * columns - 8 + static_cast<int>(below(5)) - 2;
  const std::size_t wide = below(3) * 50;
  std::string out;
  for (int column = 0; column < room;) {
    const bool is_wide = column + 2 <= room && in_percent(wide);
    out += is_wide ? one_of(ideographs) : std::string(1, static_cast<char>('a' + below(10)));
    column += is_wide ? 2 : 1;
  }
  return out;
}

/// Out of searches, key sequences and vi's command mode.
void Chance::make_ready(ScreenSession& session) {
  if (session.line().in_sequence) session.type("\x07");
  if (session.line().searching) session.type("\x07");
  if (!session.line().inserts) vi_ ? session.type("i") : session.interrupt();
}

void Chance::edit(ScreenSession& session) {
  if (session.line().in_sequence && !vi_) session.type("\x07");  // Ctrl-X Ctrl-E is the editor
  if (vi_ && in_percent(60)) return session.type((in_percent(50) ? "\x1b" : "") + one_of(vi_keys));
  std::string keys = one_of(emacs_keys);
  const bool counting = session.line().prefix.find("(arg") != std::string::npos;
  if (!vi_ && in_percent(12)) {
    static const Things behind_count{"", "x", "xy", "好"};
    const char count = "123456789-"[below(10)];
    keys = "\x1b" + std::string(1, count) + (count == '-' ? "" : one_of(behind_count)) + (in_percent(70) ? keys : "");
  } else if (!vi_ && !counting && in_percent(10)) {
    keys = text(3) + keys;
  }
  session.type(keys);
}

void Chance::search(ScreenSession& session) {
  if (session.line().prefix.find("(arg") != std::string::npos) make_ready(session);
  if (session.line().in_sequence && !vi_) session.type("\x07");  // of a wide character it would take one byte
  session.type(one_of(vi_ ? vi_searches : searches));
}

void Chance::paste(ScreenSession& session) {
  if (!pastes_) return;
  make_ready(session);
  switch (below(4)) {
    case 0:
      return session.paste(text(4) + '\n' + text(4));
    case 1:
      return session.paste(text_to_margin(session.columns()) + '\n' + text_to_margin(session.columns()));
    case 2:
      return session.paste('\t' + text(2) + '\t' + text(2));
    default:
      return session.paste("a\n\n\nb");
  }
}

/// Not to two columns: there libvterm 0.1.4 itself puts an empty row below each wide character that is printed in the
/// last row of the screen and followed by a newline.
void Chance::resize(ScreenSession& session) {
  static const std::vector<int> heights{24, 24, 16, 30, 12, 40};
  std::vector<Position> sizes(in_percent(15) ? 2 : 1);
  for (Position& size : sizes) {
    const int width = static_cast<int>(narrow_ || in_percent(10) ? 3 + below(20) : 20 + below(120));
    const int height = tall_ || in_percent(5) ? static_cast<int>(2 + below(5)) : heights[below(heights.size())];
    size = {in_percent(30) ? session.rows() : height, width};
  }
  session.resize_often(sizes);
}

void Chance::end_line(ScreenSession& session) {
  // Leaving a search decides whether the line is one that was modified.
  if (session.line().searching && setting_.inputrc.find("mark-modified") != std::string::npos) make_ready(session);
  if (in_percent(30)) return session.interrupt();
  if (session.line().in_sequence) session.type("\x07");
  if (session.line().asking) return session.type("\r");
  session.enter();
}

void Chance::act(ScreenSession& session) {
  if (quoting_) {  // what is typed next is taken literally
    if (in_percent(50)) session.message(text(3) + '\n');
    quoting_ = false;
    return session.type(vi_ ? "x" : "\x05");
  }
  const std::size_t what = below(100);
  if (what < 22) {
    if (vi_ || session.line().prefix.find("(arg") != std::string::npos) make_ready(session);  // `v` is the editor
    if (session.line().in_sequence) session.type("\x07");
    session.type(in_percent(60) ? text(6) : text_to_margin(session.columns()));
  } else if (what < 50) {
    edit(session);
  } else if (what < 54) {
    if (session.line().searching) make_ready(session);
    const std::string& keys = one_of(quoted);
    quoting_ = keys == "\x16";
    session.type(keys);
  } else if (what < 58) {
    search(session);
  } else if (what < 68) {
    session.message((in_percent(50) ? text(10) : text_to_margin(session.columns())) + '\n' +
                    (in_percent(30) ? text(60) + '\n' : ""));
  } else if (what < 76) {
    resize(session);
  } else if (what < 80) {
    if (session.line().in_sequence) session.type("\x07");
    session.type(vi_ ? "x" : "\x1b\r");
  } else if (what < 85) {
    paste(session);
  } else if (what < 94) {
    end_line(session);
  } else if (what < 96) {
    session.clear();
  } else {
    make_ready(session);
    session.list(one_of(lists));
  }
}

}  // namespace md2::test

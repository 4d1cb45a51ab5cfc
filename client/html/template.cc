#include "client/html/template.h"

#include <cstddef>

// The assembler puts the files in, by their path from the top, where it is run: no generator, and no copy of them as
// C++. It tells make nothing of them, so the Makefile does.
#define MD2_EMBED(name, path)                  \
  asm(".pushsection .rodata\n"                 \
      "md2_template_" #name                    \
      ":\n"                                    \
      ".incbin \"client/html/" path            \
      "\"\n"                                   \
      "md2_template_" #name                    \
      "_end:\n"                                \
      ".byte 0\n"                              \
      ".popsection\n");                        \
  extern "C" const char md2_template_##name[]; \
  extern "C" const char md2_template_##name##_end[]

MD2_EMBED(page_html, "page.html");
MD2_EMBED(page_css, "page.css");
MD2_EMBED(media_css, "media.css");
MD2_EMBED(words_js, "words.js");
MD2_EMBED(diary_js, "diary.js");
MD2_EMBED(entry_js, "entry.js");
MD2_EMBED(list_js, "list.js");
MD2_EMBED(years_js, "years.js");
MD2_EMBED(page_js, "page.js");

#define MD2_EMBEDDED(name) between(md2_template_##name, md2_template_##name##_end)

namespace md2 {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view template_page() {
  return MD2_EMBEDDED(page_html);
}

std::array<TemplateFile, 2> template_styles() {
  return {{{"page.css", MD2_EMBEDDED(page_css)}, {"media.css", MD2_EMBEDDED(media_css)}}};
}

std::array<TemplateFile, 6> template_scripts() {
  return {{{"words.js", MD2_EMBEDDED(words_js)},
           {"diary.js", MD2_EMBEDDED(diary_js)},
           {"entry.js", MD2_EMBEDDED(entry_js)},
           {"list.js", MD2_EMBEDDED(list_js)},
           {"years.js", MD2_EMBEDDED(years_js)},
           {"page.js", MD2_EMBEDDED(page_js)}}};
}

}  // namespace md2

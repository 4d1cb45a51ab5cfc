#include "client/html/html_page.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <iterator>

#include "client/html/template.h"
#include "client/page/json.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/sha256.h"
#include "common/os/version.h"
#include "common/text/character.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// A browser turns each block into one string, which must not be too long; many short ones take it longer.
constexpr std::size_t block_size = std::size_t{256} << 10;
constexpr std::size_t longest_paragraph = std::size_t{64} << 10;

constexpr std::string_view block_begin = "<script type=\"application/x-ndjson\">\n";
constexpr std::string_view block_end = "</script>\n";

/// Of the template, and what takes their place.
constexpr std::string_view policy_place = "<!-- Content-Security-Policy -->";
constexpr std::string_view entries_place = "<!-- entries -->\n";

/// As Content-Security-Policy names an element by what stands in it: `'sha256-...'`.
std::string hash_source(std::string_view content) {
  const Sha256 digest = sha256(content, tr("the page"));
  std::array<unsigned char, 4 * ((digest.size() + 2) / 3) + 1> base64 = {};
  EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return fmt::format("'sha256-{}'", reinterpret_cast<const char*>(base64.data()));
}

/// Nothing but our own style and scripts, no network, no form, and no way from a string to markup.
std::string policy() {
  std::string styles, scripts;
  for (const TemplateFile& style : template_styles()) styles.append(" ").append(hash_source(style.content));
  for (const TemplateFile& script : template_scripts()) scripts.append(" ").append(hash_source(script.content));
  return fmt::format(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src{}; script-src{}; "
      "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'\">",
      styles, scripts);
}

/// Appends `html` up to `place`, which it must have, and goes behind it.
void append_up_to(std::string& out, std::string_view& html, std::string_view place) {
  const std::size_t at = html.find(place);
  if (at == html.npos) throw Error(tr("the template of the page lacks '{}'", place));
  out += html.substr(0, at);
  html.remove_prefix(at + place.size());
}

/// JSON in which nothing means anything to HTML.
void append_harmless(std::string& out, std::string_view json) {
  for (std::size_t at = 0;;) {
    const std::size_t next = json.find_first_of("<>&", at);
    out += json.substr(at, next - at);
    if (next == json.npos) return;
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", json[next]);
    at = next + 1;
  }
}

std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    units += c.code > 0xffff ? 2 : 1;
    at += c.length;
  }
  return units;
}

/// The template up to where the entries begin, whole.
void append_head(std::string& out) {
  std::string_view html = template_page();
  append_up_to(out, html, policy_place);
  out += policy();
  for (const TemplateFile& style : template_styles()) {
    append_up_to(out, html, fmt::format("<link rel=\"stylesheet\" href=\"{}\">", style.name));
    out.append("<style>").append(style.content).append("</style>");
  }
  for (const TemplateFile& script : template_scripts()) {
    append_up_to(out, html, fmt::format("<script src=\"{}\"></script>", script.name));
    out.append("<script>").append(script.content).append("</script>");
  }
  append_up_to(out, html, entries_place);
}

}  // namespace

std::string tag_marks(std::string_view text) {
  std::string marks;
  std::size_t at = 0;
  std::size_t units = 0;
  for (auto tag = find_tag(text, 0); tag; tag = find_tag(text, tag->end)) {
    const std::size_t begin = units + utf16_units(text.substr(at, tag->begin - at));
    units = begin + utf16_units(text.substr(tag->begin, tag->end - tag->begin));
    at = tag->end;
    fmt::format_to(std::back_inserter(marks), "{}{},{}", marks.empty() ? '[' : ',', begin, units);
  }
  if (!marks.empty()) marks += ']';
  return marks;
}

void HtmlPage::begin(std::string& out) {
  if (std::exchange(begun_, true)) return;
  append_head(out);
  std::string made = to_string(about_.made);
  made[made.find(' ')] = 'T';
  std::string json = fmt::format("{{\"version\":\"{}\",\"made\":\"{}\",\"diary\":", version(), made);
  append_json_string(json, about_.diary);
  json += ",\"query\":";
  append_json_string(json, about_.query);
  json += '}';
  out += "<script type=\"application/json\" id=\"about\">";
  append_harmless(out, json);
  out += block_end;
}

void HtmlPage::add(std::string& out, const ReadItem& read) {
  if (read.item.raw == byte_order_mark) return;
  if (read.item.time) {
    end_paragraph(out);
    return write(out, read);
  }
  if (!has_words(read.text) || paragraph_.text.size() + read.text.size() > longest_paragraph) end_paragraph(out);
  if (!has_words(read.text)) return;
  if (!paragraph_.text.empty()) paragraph_.text += '\n';
  paragraph_.text += read.text;
}

void HtmlPage::end(std::string& out) {
  begin(out);
  end_paragraph(out);
  if (block_ > 0) out += block_end;
  block_ = 0;
  fmt::format_to(std::back_inserter(out), "<script type=\"application/json\" id=\"end\">{{\"entries\":{}}}{}", written_,
                 block_end);
  std::string_view html = template_page();
  html.remove_prefix(html.find(entries_place) + entries_place.size());
  out += html;
}

void HtmlPage::end_paragraph(std::string& out) {
  if (paragraph_.text.empty()) return;
  write(out, paragraph_);
  paragraph_.text.clear();
}

void HtmlPage::write(std::string& out, const ReadItem& read) {
  line_.clear();
  append_json(line_, read);
  if (line_.empty()) return;
  if (const std::string marks = tag_marks(read.text); !marks.empty()) {
    line_.resize(line_.size() - std::string_view("}\n").size());
    fmt::format_to(std::back_inserter(line_), ",\"marks\":{}}}\n", marks);
  }
  begin(out);
  if (block_ == 0) out += block_begin;
  append_harmless(out, line_);
  block_ += line_.size();
  ++written_;
  if (block_ < block_size) return;
  out += block_end;
  block_ = 0;
}

}  // namespace md2

#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

// What a program says to a person, in the language of that person: a message stands in the source in English, in one of
// the calls below, where xgettext(1) finds it (`make po`), and in common/locale/LANGUAGE.po in theirs. What programs
// read is never translated: words of the wire, options, JSON, names of files.

/// Takes the catalogue of the user's language, if there is one beside the program (LANGUAGE/LC_MESSAGES/md2.mo in
/// `locale` there or in `../share/locale`). Opens nothing where the language is English. Before any thread starts, and
/// before the environment is changed.
void choose_language();

/// Takes the catalogue at `path`; none, as at the beginning, when it is empty or no catalogue. Before any thread
/// starts.
void use_catalogue(const std::string& path, std::string_view language = {});

/// Whose catalogue is in use: `zh_CN`; empty for English.
std::string_view language();

/// The languages that are asked for, the most wanted first, as gettext(1) reads LANGUAGE, LC_ALL, LC_MESSAGES and LANG;
/// none for English. Names of catalogues: `zh_CN`, and then `zh`.
std::vector<std::string> wanted_languages(const std::function<std::string(const char*)>& variable);

/// `text` as it is now, for tr() later, where a call of that finds it: in a table, or on its way to the other side.
constexpr const char* tr_later(const char* text) {
  return text;
}

/// The message in the user's language. errno stays as it is.
std::string tr(std::string_view text);

/// What the catalogue has in the place of `english`, formatted; where that does not fit the arguments, in English.
std::string format_message(fmt::string_view english, std::optional<std::uint64_t> number, fmt::string_view several,
                           fmt::format_args args);

/// The same with arguments, as fmt::format has it.
template <class First, class... Rest>
std::string tr(fmt::format_string<First, Rest...> text, First&& first, Rest&&... rest) {
  return format_message(text, {}, {}, fmt::make_format_args(first, rest...));
}

/// The same where the sentence depends on `number`: `one` for 1, else `several`, as the language has it (ngettext(3)).
template <class... Args>
std::string trn(std::uint64_t number, fmt::format_string<Args...> one, fmt::format_string<Args...> several,
                Args&&... args) {
  return format_message(one, number, several, fmt::make_format_args(args...));
}

}  // namespace md2

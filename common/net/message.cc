#include "common/net/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "common/diary/entry.h"
#include "common/diary/identity.h"
#include "common/os/language.h"
#include "common/os/version.h"
#include "common/text/text.h"

namespace md2 {
namespace {

enum class Has { no, yes, maybe };

/// The protocol in a table: what each verb is called, who may send it, and what follows it.
struct VerbSyntax {
  Verb verb;
  std::string_view name;
  bool from_client;
  bool from_server;
  Has number;
  Has text;
  std::size_t max_text;
  std::size_t more = 0;  ///< numbers that may stand behind the first, all of them or none
};

constexpr std::array syntaxes{
    VerbSyntax{Verb::hi, "hi", true, false, Has::maybe, Has::no, 0, 1},
    VerbSyntax{Verb::r, "r", true, false, Has::no, Has::maybe, max_query},
    VerbSyntax{Verb::raw, "raw", true, false, Has::no, Has::maybe, max_query},
    VerbSyntax{Verb::stop, "stop", true, false, Has::no, Has::no, 0},
    VerbSyntax{Verb::ask, "?", true, false, Has::no, Has::no, 0},
    VerbSyntax{Verb::write, "write", true, false, Has::yes, Has::yes, max_encoded, 1},
    VerbSyntax{Verb::told, "told", true, false, Has::no, Has::no, 0},
    VerbSyntax{Verb::quit, "quit", true, false, Has::no, Has::no, 0},
    VerbSyntax{Verb::announce, "announce", true, true, Has::no, Has::yes, max_announcement},
    VerbSyntax{Verb::diary, "diary", false, true, Has::yes, Has::yes, max_piece},
    VerbSyntax{Verb::now, "now", false, true, Has::yes, Has::no, 0, 1},
    VerbSyntax{Verb::changed, "changed", false, true, Has::yes, Has::yes, max_announcement, 1},
    VerbSyntax{Verb::found, "found", false, true, Has::no, Has::yes, max_piece},
    VerbSyntax{Verb::end, "end", false, true, Has::yes, Has::no, 0, 2},
    VerbSyntax{Verb::broken, "broken", false, true, Has::no, Has::yes, max_announcement},
    VerbSyntax{Verb::since, "since", false, true, Has::yes, Has::no, 0, 1},
    VerbSyntax{Verb::help, "help", false, true, Has::no, Has::yes, max_announcement},
    VerbSyntax{Verb::saved, "saved", false, true, Has::yes, Has::no, 0},
    VerbSyntax{Verb::refused, "refused", false, true, Has::no, Has::yes, max_announcement},
    VerbSyntax{Verb::failed, "failed", false, true, Has::no, Has::yes, max_announcement},
    VerbSyntax{Verb::announced, "announced", false, true, Has::yes, Has::no, 0},
    VerbSyntax{Verb::bye, "bye", false, true, Has::no, Has::yes, max_announcement},
    VerbSyntax{Verb::error, "error", false, true, Has::no, Has::yes, max_announcement},
};

const VerbSyntax& syntax_of(Verb verb) {
  const auto* const form =
      std::find_if(syntaxes.begin(), syntaxes.end(), [&](const VerbSyntax& f) { return f.verb == verb; });
  if (form == syntaxes.end()) std::abort();  // the greeting is built and read by hand
  return *form;
}

/// The words of a header line. All are counted and those are kept that a line may have.
class Words {
 public:
  explicit Words(std::string_view line) {
    for (std::size_t begin = 0;;) {
      const std::size_t end = line.find(' ', begin);
      if (count_ < words_.size()) words_[count_] = line.substr(begin, end - begin);
      ++count_;
      if (end == std::string_view::npos) return;
      begin = end + 1;
    }
  }

  std::size_t size() const { return count_; }
  std::string_view operator[](std::size_t i) const { return words_[i]; }

 private:
  std::array<std::string_view, 5> words_;  ///< the greeting has five
  std::size_t count_ = 0;
};

/// What the peer sent, made fit for an error message.
std::string quoted(std::string_view bytes) {
  constexpr std::size_t longest = 40;
  return fmt::format("'{}{}'", sanitised(bytes.substr(0, longest)), bytes.size() > longest ? "..." : "");
}

std::uint64_t number_of(std::string_view word) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (fault != std::errc{} || end != word.data() + word.size()) {
    throw ProtocolError(tr("{} is not a decimal number", quoted(word)));
  }
  return value;
}

void append_number(std::string& line, std::uint64_t number) {
  const fmt::format_int digits(number);
  line += ' ';
  line.append(digits.data(), digits.size());
}

/// `md2 2 VERSION OFFSET IDENTITY`. Of another protocol only `md2 PROTOCOL VERSION` is known.
Message greeting_of(const Words& words) {
  if (words.size() < 3) throw ProtocolError(tr("the greeting is not 'md2 PROTOCOL VERSION OFFSET IDENTITY'"));
  const std::uint64_t protocol = number_of(words[1]);
  if (protocol != protocol_version) {
    const bool older = protocol < protocol_version;
    throw OtherProtocol(
        tr("the server ({}) speaks protocol {}, this md2client ({}) speaks {}: {}", sanitised(words[2]), protocol,
           version(), protocol_version, older ? tr("update md2server") : tr("update md2client")),
        older);
  }
  if (words.size() != 5 || !is_diary_identity(words[4])) {
    throw ProtocolError(tr("the greeting is not 'md2 PROTOCOL VERSION OFFSET IDENTITY'"));
  }
  return {Verb::greeting, number_of(words[3]), std::string(words[2]), 0, std::string(words[4])};
}

}  // namespace

void append_greeting(std::string& out, std::string_view version, std::uint64_t offset, std::string_view identity) {
  fmt::format_to(std::back_inserter(out), "md2 {} {} {} {}\n", protocol_version, version, offset, identity);
}

void append_message(std::string& out, Verb verb, std::uint64_t number, std::string_view text, std::uint64_t second,
                    std::uint64_t check) {
  const VerbSyntax& form = syntax_of(verb);
  const bool has_text = form.text == Has::yes || (form.text == Has::maybe && !text.empty());
  out += form.name;
  if (form.number != Has::no) append_number(out, number);
  const bool more = second != 0 || check != 0;
  if (form.more > 0 && more) append_number(out, second);
  if (form.more > 1 && more) append_number(out, check);
  if (has_text) append_number(out, text.size());
  out += '\n';
  if (!has_text) return;
  out += text;
  out += '\n';
}

std::uint64_t check_before(std::string_view bytes) {
  std::uint32_t hash = 2166136261;
  for (const char c : bytes.substr(bytes.size() - std::min(bytes.size(), checked_length)))
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  return hash == 0 ? 1 : hash;
}

/// Reads one header line into message_ and length_. False when it has not come whole.
bool MessageReader::read_header() {
  const std::string_view rest = queue_.view();
  const std::size_t newline = rest.substr(0, max_header_line).find('\n');
  if (newline == std::string_view::npos) {
    if (rest.size() >= max_header_line) throw ProtocolError(tr("a header line has more than 512 bytes"));
    return false;
  }
  const std::string_view line = rest.substr(0, newline);
  const Words words(line);
  if (sender_ == Role::server && words[0] == "md2") {
    message_ = greeting_of(words);
    queue_.drop(newline + 1);
    return true;
  }
  const auto* const form = std::find_if(syntaxes.begin(), syntaxes.end(), [&](const VerbSyntax& f) {
    return f.name == words[0] && (sender_ == Role::client ? f.from_client : f.from_server);
  });
  if (form == syntaxes.end()) throw ProtocolError(tr("{} is not a request", quoted(line)));
  const std::size_t most = 1 + (form->number != Has::no) + (form->text != Has::no) + form->more;
  const std::size_t least = 1 + (form->number == Has::yes) + (form->text == Has::yes);
  if (words.size() < least || words.size() > most || (words.size() > most - form->more && words.size() < most)) {
    throw ProtocolError(tr("{} has {} words, '{}' takes {}", quoted(line), words.size(), form->name, most));
  }
  Message message{form->verb, 0, {}};
  std::size_t word = 1;
  if (form->number != Has::no && word < words.size()) message.number = number_of(words[word++]);
  if (form->more > 0 && words.size() == most) message.second = number_of(words[word++]);
  if (form->more > 1 && words.size() == most) message.check = number_of(words[word++]);
  if (form->text != Has::no && word < words.size()) {
    const std::uint64_t length = number_of(words[word]);
    if (length > form->max_text) {
      throw ProtocolError(tr("'{}' takes at most {} bytes, not {}", form->name, form->max_text, length));
    }
    length_ = length;
  }
  message_ = std::move(message);
  queue_.drop(newline + 1);
  return true;
}

std::optional<Message> MessageReader::next() {
  if (!message_ && !read_header()) return std::nullopt;
  if (length_) {
    if (pending() < *length_ + 1) return std::nullopt;
    const std::string_view rest = queue_.view();
    if (rest[*length_] != '\n') {
      throw ProtocolError(tr("no newline after the {} bytes of '{}'", *length_, syntax_of(message_->verb).name));
    }
    message_->text = rest.substr(0, *length_);
    queue_.drop(*length_ + 1);
    length_.reset();
  }
  return std::exchange(message_, std::nullopt);
}

}  // namespace md2

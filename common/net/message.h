#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/diary/query.h"
#include "common/net/byte_queue.h"

namespace md2 {

/// One message of the wire protocol (md2(7)): a header line `verb [words]`, and for the verbs that end in a byte count
/// that many bytes and a newline, as in memcached's text protocol. It can be typed by hand, a receiver knows every
/// length before the bytes come, and the bytes need no quoting. Turned down: JSON (quoting, parsing, no streaming) and
/// binary framing (not to be typed).
enum class Verb {
  // a client sends
  hi,   ///< number: the offset to follow the diary from; second: check_before() the bytes before it, 0 for none
  r,    ///< text: the query, may be empty; entries are answered as they were corrected (common/diary/correction.h)
  raw,  ///< the same of everything as it was written
  stop,
  ask,    ///< `?`
  write,  ///< number: SINCE, the offset that the entry cannot lie before; second: the `since` that it is of; text: the
          ///< entry in diary format
  told,   ///< what was announced as untold was shown to the owner
  quit,
  // both send
  announce,  ///< text
  // a server sends
  greeting,   ///< `md2 2 VERSION OFFSET IDENTITY`: text: VERSION; number: where the diary's last whole line ends;
              ///< identity
  diary,      ///< number: the offset of text in the diary
  now,        ///< number: the offset that all was sent up to; second: check_before() it
  changed,    ///< ends a `hi`: its offsets are worth nothing now. number: where the diary ends; second: check_before()
              ///< that; text: why
  found,      ///< text: bytes of the diary
  end,        ///< number: entries found; second: where what was searched ends, from where a `hi` goes on; check
  broken,     ///< in place of `end`: what was found is not the whole answer. text: why
  since,      ///< an entry written before this came may stand at number or behind it, whatever its SINCE; second: which
              ///< of these it is, counted from 1
  help,       ///< text
  saved,      ///< number: the offset at which the entry stands
  refused,    ///< text: why this entry can never be taken
  failed,     ///< text: why it can't be taken now
  announced,  ///< number: clients that get it
  bye,        ///< text: why the connection ends
  error,      ///< text: what was wrong with what the client sent
};

struct Message {
  Verb verb{};
  std::uint64_t number = 0;
  std::string text;
  std::uint64_t second = 0;
  std::string identity{};   ///< of a greeting: which diary this is (common/diary/identity.h)
  std::uint64_t check = 0;  ///< of an `end`: check_before() second

  bool operator==(const Message&) const = default;
};

/// The side that a message comes from.
enum class Role { client, server };

inline constexpr int protocol_version = 2;
inline constexpr std::size_t max_header_line = 512;                     ///< bytes, newline included
inline constexpr std::size_t max_piece = std::size_t{1} << 20;          ///< bytes of a `diary` or `found`
inline constexpr std::size_t max_announcement = std::size_t{64} << 10;  ///< bytes; also of help and reasons

/// What the peer sent is not the protocol. The message says what; the connection must be closed.
class ProtocolError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The server speaks another protocol. The message is a sentence that says which side is to be updated.
class OtherProtocol : public ProtocolError {
 public:
  OtherProtocol(const std::string& what, bool older) : ProtocolError(what), older_(older) {}

  bool older() const { return older_; }  ///< the server's, than ours

 private:
  bool older_;
};

/// Appends the message as it stands on the wire. `text` must be within the limit of the verb. A greeting needs
/// append_greeting().
void append_message(std::string& out, Verb verb, std::uint64_t number = 0, std::string_view text = {},
                    std::uint64_t second = 0, std::uint64_t check = 0);

/// Bytes before an offset by which a client knows the place again, at most.
inline constexpr std::size_t checked_length = 64;

/// CHECK of `hi`: of the last checked_length bytes before the offset, or all. FNV-1a, 32 bits; never 0.
std::uint64_t check_before(std::string_view bytes);

/// `identity` as is_diary_identity() has it.
void append_greeting(std::string& out, std::string_view version, std::uint64_t offset, std::string_view identity);

/// Takes messages out of a stream of bytes. Memory is held for bytes that came, never for a length that was claimed.
class MessageReader {
 public:
  /// `sender`: who sends what will be fed; other verbs than this side's are errors.
  explicit MessageReader(Role sender) : sender_(sender) {}

  void feed(std::string_view bytes) { queue_.append(bytes); }

  /// The next whole message. Throws ProtocolError when the bytes can't become one; after that the stream is lost.
  std::optional<Message> next();

  /// Bytes fed and not yet given out.
  std::size_t pending() const { return queue_.size(); }

  /// Memory, in bytes.
  std::size_t held() const { return queue_.held(); }

 private:
  bool read_header();

  Role sender_;
  ByteQueue queue_;
  std::optional<Message> message_;     ///< the header was read, the text is awaited
  std::optional<std::size_t> length_;  ///< of the awaited text; nothing when the verb has none
};

}  // namespace md2

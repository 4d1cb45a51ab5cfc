#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// Which diary this is, at whatever address it is served: 128 random bits, made once. A client's outbox belongs to
/// them. They stand in `FILE.id` (0600) beside the diary's real path:
///
///     md2 identity 1
///     identity 0f3a5c…        32 hexadecimal digits
///     machine 9b1de4…         32 more, of what names this machine
///     inode 1311769           of this very file
///     folder /home/me/diary   in which it lies; control characters and % as %XX
///     formerly 77ab01…        what this is a copy of, the newest first: a line each, 32 at most
///     end
///
/// A copy takes this file along, and two diaries must not bear one identity: what a client keeps for one would go to
/// the other. So it also notes where it is. Where machine, inode or folder are not what is seen, it was copied, moved
/// or restored; that diary gets an identity of its own and remembers what it was formerly. Of the diary's own file
/// nothing is noted: the owner saves as he likes, by rename too.
///
/// Turned down: the identity in the diary (it is the owner's text, and a copy takes it along), an extended attribute
/// (editors and sync tools drop them), a mere hash of path and machine (a new diary in the place of a deleted one would
/// be the old one).
struct Identity {
  static constexpr std::size_t max_formerly = 32;

  std::string id;
  std::vector<std::string> formerly;
  bool found = false;  ///< it was noted before; else it was made now
};

/// What a `FILE.id` says.
struct IdentityNote {
  std::string id;
  std::string machine;
  std::uint64_t inode = 0;
  std::string folder;
  std::vector<std::string> formerly;

  bool operator==(const IdentityNote&) const = default;
};

std::string to_string(const IdentityNote& note);

/// Nothing when the text is not whole, or is anything else.
std::optional<IdentityNote> parse_identity_note(std::string_view text);

/// Names this machine in 32 hexadecimal digits: a hash of /etc/machine-id (which machine-id(5) asks not to pass on), or
/// of the host's name where there is none.
std::string this_machine();

/// A diary's name led to the file `from` and leads to `to` now, both real paths: its identity goes along, unless what
/// is there has one of its own or what lies at `from` is a copy's. The caller holds the diary's lock, and nobody serves
/// `from`. It is on stable storage when this returns. Throws Error.
void bring_identity(const std::string& from, const std::string& to);

/// The identity of the diary at the real path `real`, which must be open and locked: whoever holds the lock may make or
/// replace the note. It is on stable storage when this returns. Throws Error when it can't be read or written, and when
/// it is damaged: a new identity in its place would make all that waits for this diary wait for ever.
Identity identify_diary(const std::string& real, const std::string& machine = this_machine());

}  // namespace md2

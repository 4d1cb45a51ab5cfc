#pragma once

#include <string>
#include <vector>

namespace md2 {

/// Where the file of a name lies that is no link: beside the name.
std::string place_beside(const std::string& name);

/// What the note of the diary of that name says (Whereabouts::all()), and place_beside() when there is none. Throws
/// Error.
std::vector<std::string> noted_places(const std::string& name);

/// Which file the diary's name leads to. What belongs to that file (the ring, the identity) lies beside the file; when
/// the name is a symbolic link, its owner may turn the link, or save another file in its place, while no server runs.
/// So `FILE.place` (0600) beside the name says where the file lay that was served last:
///
///     md2 place 1
///     folder /home/me         in which the note was written
///     diary /data/diary.log   a real path
///     diary /home/me/a.log    where some of what belongs to it may lie still, the newest first: a line each, 7 at most
///     end
///
/// A name that is no link needs none: the file lay there. Where the note was written in another folder, and one is
/// there still, this is a copy: what it speaks of belongs to the diary there. Else the folder was moved, or put back.
class Whereabouts {
 public:
  static constexpr std::size_t most = 8;  ///< paths in the note

  /// Reads the note of the diary of that name, whose lock is held, and whose file is not open yet: a file in it that
  /// some server has is left out, for what lies beside it is that server's. Throws Error.
  explicit Whereabouts(const std::string& name);

  /// Real paths: of the file that was served last, then of those before it that are not done with.
  const std::vector<std::string>& all() const { return paths_; }

  /// `real` is the file from now on, and what belongs to it is about to be brought there. On stable storage when it
  /// returns; costs nothing when it is so already. Throws Error.
  void lead_to(const std::string& real);

  /// All that belongs to the file lies beside it, but for what lay in folders that are not there. As lead_to().
  void settle();

  /// The paths before this one whose folders are not there now: on another disk, perhaps.
  std::vector<std::string> away() const;

 private:
  void keep(std::vector<std::string> paths);

  std::string beside_name_;
  std::string note_;
  std::vector<std::string> noted_;
  std::vector<std::string> paths_;
};

}  // namespace md2

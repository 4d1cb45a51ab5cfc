#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// What the user has said of one diary: where it is, at one of two places, and how it is shown.
struct DiarySettings {
  std::optional<std::string> server;    ///< HOST:PORT
  std::optional<std::string> diary;     ///< the file of a diary of this machine, an absolute path
  std::optional<std::string> key;       ///< a file, an absolute path
  std::optional<std::string> start;     ///< a query: what is shown at the start; empty for the whole diary
  std::optional<std::string> greeting;  ///< `on`, or `off`: no line of this day in earlier years
  bool misplaced = false;               ///< a line that was, or may have been, to say where it is could not be taken
};

/// `$XDG_CONFIG_HOME/md2/config`, which gives names to diaries (md2client(1)):
///
///     [work]
///     server = diary.example.org:5000
///     start = -50                       ; the last fifty
///
/// The section `default` is plain `md2client`'s. A path may begin with `~/`.
class Config {
 public:
  static constexpr std::string_view default_name = "default";
  static constexpr std::size_t longest_line = 198;  ///< bytes; inih(3) takes no more

  /// Reads the file; one that is missing, or has no path, says nothing.
  explicit Config(std::string path);

  /// Nothing when there is no such section.
  const DiarySettings* find(std::string_view name) const;

  /// Of all sections but `default`, in order.
  std::vector<std::string> names() const;

  /// What could not be taken, each with its line; all the rest counts. Also why the file could not be read.
  const std::vector<std::string>& faults() const { return faults_; }

  const std::string& path() const { return path_; }

 private:
  struct Reader;

  std::string path_;
  std::map<std::string, DiarySettings, std::less<>> sections_;
  std::vector<std::string> faults_;
};

}  // namespace md2

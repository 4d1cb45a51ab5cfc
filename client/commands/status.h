#pragma once

#include <string>

#include "client/commands/day_counts.h"
#include "client/commands/summary.h"
#include "client/link/client.h"
#include "client/options.h"

namespace md2 {

/// The way to the diary, and what waits on it:
///
///     server    127.0.0.1:5000, md2server 26.11.26.1534
///     key       laptop, from /home/me/.config/md2/servers/host_5000
///     diary     /home/me/.local/share/md2/md4logging.log, identity 0f3a5c8e2b1d47960f3a5c8e2b1d4796
///     waiting   nothing for this diary; 2 entries for diary 1b2c3d4e that was at host:5000
///     client    md2client 26.11.26.1606
///     entries   1,234 on 321 days
///
/// It is a summary of the whole diary, which is counted only where that takes a moment.
class Status : public Summary {
 public:
  /// Looks at what `client` knows now.
  Status(Client& client, const ClientOptions& options);

  /// The diary is to be asked for, and all of it added.
  bool counts() const { return counts_; }

  bool empty() const override { return false; }
  std::string text(PageStyle style) const override;

 private:
  void add(const ReadItem& read) override { count_.add(read.item); }

  std::string server_, key_, diary_, waiting_, entries_;  ///< `entries_`: why they are not counted, or empty
  bool counts_;
  AnswerCount count_;
};

}  // namespace md2

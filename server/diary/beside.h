#pragma once

#include <string>
#include <vector>

#include "server/diary/audit.h"
#include "server/diary/closed_times.h"
#include "server/diary/ring.h"
#include "server/diary/whereabouts.h"

namespace md2 {

/// What lies beside the file that is the diary and belongs to it: its identity, its ring, its purged times. The name of
/// the diary may come to lead to another file, while a server runs or while none does (Whereabouts): all of it goes
/// along. Where the other file was a diary by itself, identity and ring there are that diary's, and count from then on.
class Beside {
 public:
  /// Of the diary of that name, whose lock is held, and whose file is not open yet. Nothing is moved. Throws Error.
  explicit Beside(const std::string& name);

  /// The file is open now: the identity is brought beside it. What the ring of a server that was killed while it
  /// followed the name holds is in doubt. Throws Error.
  void begin(Audit& audit);

  /// Brings all of it to where the name leads now. `fd`: that file. True when another ring counts from now on; what the
  /// one until now holds is in doubt then, unless these are two diaries and each stands as its ring has it: then nobody
  /// took anything out of either. Throws Error: some of it lies where it was.
  bool follow(int fd, Audit& audit);

  /// See Whereabouts.
  std::vector<std::string> away() const { return place_.away(); }

  /// The real path of the file, beside which the identity lies.
  const std::string& real_path() const { return place_.all().front(); }

  Ring& ring() { return ring_; }
  const ClosedTimes& closed() const { return closed_; }

 private:
  std::string of_ring() const;
  void bring_identity_to(const std::string& real);
  bool come_to(const std::string& real, int fd, Audit& audit);

  const std::string name_;
  Whereabouts place_;
  std::string path_;  ///< real, of the file beside which the ring lies
  Ring ring_;
  ClosedTimes closed_;
};

}  // namespace md2

#include "server/diary/beside.h"

#include <utility>

#include "common/os/disk.h"
#include "server/diary/identity.h"
#include "server/diary/proof.h"

namespace md2 {

Beside::Beside(const std::string& name)
    : name_(name), place_(name), path_(of_ring()), ring_(path_ + ".ring"), closed_(path_) {}

/// Where the last server has left it.
std::string Beside::of_ring() const {
  Disk::Status status = {};
  for (const std::string& path : place_.all()) {
    if (disk().lstat(path + ".ring", status) == 0) return path;
  }
  return disk().real_path(name_);
}

void Beside::begin(Audit& audit) {
  const std::string real = disk().real_path(name_);
  bring_identity_to(real);
  for (const std::string& path : place_.all()) {
    if (path == path_) continue;
    closed_.add(ClosedTimes(path));
    if (const Ring left(path + ".ring"); !left.empty() && !left.is_same(ring_)) {
      audit.doubt(left);
      audit.change_ring();
    }
  }
  if (place_.all().size() > 1) closed_.bring_to(real);
}

bool Beside::follow(int fd, Audit& audit) {
  const std::string real = disk().real_path(name_);
  bool another = false;
  bring_identity_to(real);
  if (path_ != real) {
    another = come_to(real, fd, audit);
  } else if (!ring_.lies_at(real + ".ring")) {
    ring_.move_to(real + ".ring");
  }
  if (!audit.active()) place_.settle();  // else what is in doubt lies where it did
  return another;
}

void Beside::bring_identity_to(const std::string& real) {
  place_.lead_to(real);
  for (const std::string& path : place_.all()) {
    if (path != real) bring_identity(path, real);
  }
}

bool Beside::come_to(const std::string& real, int fd, Audit& audit) {
  closed_.bring_to(real);
  Ring there(real + ".ring");
  const bool another = !there.empty() && !ring_.is_same(there);
  if (another) {
    ring_.sync();
    Disk::Status status = {};
    const bool two = disk().lstat(path_ + ".id", status) == 0;  // else the identity was brought here
    if (!two || !stands_as_noted(there, fd) || !stands_as_noted(ring_, path_)) audit.doubt(ring_);
    audit.change_ring();
    ring_ = std::move(there);
  } else {
    ring_.move_to(real + ".ring");
  }
  path_ = real;
  return another;
}

}  // namespace md2

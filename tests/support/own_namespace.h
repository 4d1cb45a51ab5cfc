#pragma once

namespace md2::test {

/// Puts this process into a namespace of its own (unshare(2): CLONE_NEWNET, CLONE_NEWNS). Who is not root gets the
/// right by a user namespace, in which he is himself: without ids of its own nobody can make a file. False when none is
/// allowed here; the process has to end then.
bool enter_own_namespace(int kind);

}  // namespace md2::test

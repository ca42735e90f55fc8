package dev.bulwark.gofer;

import static dev.bulwark.linux.CallRule.any;
import static dev.bulwark.linux.CallRule.oneOf;
import static dev.bulwark.linux.CallRule.when;

import dev.bulwark.linux.CallRule;
import dev.bulwark.linux.JvmCalls;
import dev.bulwark.linux.Sys;
import java.util.ArrayList;
import java.util.List;

/** The calls of the host that the Gofer may make once it serves. */
final class GoferCalls {
  private static final int AF_UNIX = 1;
  private static final int F_DUPFD_CLOEXEC = 1030;

  private static final List<CallRule> FILES =
      List.of(
          any(Sys.OPENAT),
          any(Sys.OPENAT2),
          any(Sys.STATX),
          any(Sys.FSTATFS),
          any(Sys.STATFS),
          any(Sys.GETDENTS64),
          any(Sys.READLINKAT),
          any(Sys.MKDIRAT),
          any(Sys.MKNODAT),
          any(Sys.SYMLINKAT),
          any(Sys.LINKAT),
          any(Sys.UNLINKAT),
          any(Sys.RENAMEAT2),
          any(Sys.FCHMODAT),
          any(Sys.FCHOWNAT),
          any(Sys.UTIMENSAT),
          any(Sys.FTRUNCATE),
          any(Sys.TRUNCATE),
          any(Sys.FSYNC),
          any(Sys.FDATASYNC),
          any(Sys.SYNCFS),
          any(Sys.FCHDIR),
          when(Sys.FCNTL, oneOf(1, F_DUPFD_CLOEXEC)),
          any(Sys.GETXATTR),
          any(Sys.SETXATTR),
          any(Sys.LISTXATTR),
          any(Sys.REMOVEXATTR),
          any(Sys.LGETXATTR),
          any(Sys.LSETXATTR),
          any(Sys.LLISTXATTR),
          any(Sys.LREMOVEXATTR),
          any(Sys.FGETXATTR),
          any(Sys.FSETXATTR),
          any(Sys.FLISTXATTR),
          any(Sys.FREMOVEXATTR),
          any(Sys.INOTIFY_INIT1),
          any(Sys.INOTIFY_ADD_WATCH),
          any(Sys.INOTIFY_RM_WATCH),
          any(Sys.EVENTFD2),
          any(Sys.SENDMSG),
          any(Sys.RECVMSG),
          any(Sys.SHUTDOWN),
          any(Sys.POLL));

  /** To the sockets of the host that were given, as the application's user. */
  private static final List<CallRule> SOCKETS =
      List.of(
          when(Sys.SOCKET, oneOf(0, AF_UNIX)),
          any(Sys.CONNECT),
          any(Sys.GETEUID),
          any(Sys.GETEGID),
          any(Sys.SETGROUPS),
          any(Sys.SETRESGID),
          any(Sys.SETRESUID));

  private GoferCalls() {}

  static List<CallRule> rules(boolean sockets) {
    List<CallRule> rules = new ArrayList<>(JvmCalls.RULES);
    rules.addAll(FILES);
    if (sockets) {
      rules.addAll(SOCKETS);
    }
    return rules;
  }
}

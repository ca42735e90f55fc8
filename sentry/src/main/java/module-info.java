/** The user-space kernel: a process that answers the system calls of a sandbox's applications. */
@org.jspecify.annotations.NullMarked
module dev.bulwark.sentry {
  requires static transitive org.jspecify;
  requires dev.bulwark.linux;
  requires dev.bulwark.control;
  requires dev.bulwark.platform;
  requires dev.bulwark.gofer;
}

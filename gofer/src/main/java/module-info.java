/**
 * The file server of a sandbox, the only process that opens the container's files, and its client.
 */
@org.jspecify.annotations.NullMarked
module dev.bulwark.gofer {
  requires static transitive org.jspecify;
  requires transitive dev.bulwark.linux;

  exports dev.bulwark.gofer;
}

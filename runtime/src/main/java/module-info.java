/** Life cycle of sandboxes: starts, watches and ends their processes. */
@org.jspecify.annotations.NullMarked
module dev.bulwark.runtime {
  requires static transitive org.jspecify;
  requires dev.bulwark.linux;
  requires transitive dev.bulwark.control;

  exports dev.bulwark.runtime;
}

/** Messages between the runtime and a sandbox. */
@org.jspecify.annotations.NullMarked
module dev.bulwark.control {
  requires static transitive org.jspecify;
  requires dev.bulwark.linux;

  exports dev.bulwark.control;
}

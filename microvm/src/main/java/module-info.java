/** The vm wall: guest images, virtual machines, and the monitor that runs a container in one. */
@org.jspecify.annotations.NullMarked
module dev.bulwark.microvm {
  requires static transitive org.jspecify;
  requires com.google.gson;
  requires dev.bulwark.control;
  requires dev.bulwark.linux;

  exports dev.bulwark.microvm.image;
}

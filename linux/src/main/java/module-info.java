/**
 * The Linux ABI: constants, struct layouts and host system calls. It knows nothing of containers.
 */
@org.jspecify.annotations.NullMarked
module dev.bulwark.linux {
  requires static transitive org.jspecify;

  exports dev.bulwark.linux;
}

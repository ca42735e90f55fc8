/** The command line: parsing and printing, nothing else. */
@org.jspecify.annotations.NullMarked
module dev.bulwark.cli {
  requires static transitive org.jspecify;
  requires dev.bulwark.runtime;
  requires dev.bulwark.linux;
}

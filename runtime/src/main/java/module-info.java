/** Life cycle of sandboxes: starts, watches and ends their processes. */
@org.jspecify.annotations.NullMarked
module dev.bulwark.runtime {
  requires static transitive org.jspecify;
  requires dev.bulwark.linux;
  requires transitive dev.bulwark.control;
  requires com.google.gson;
  requires jdk.unsupported;

  exports dev.bulwark.runtime;
  exports dev.bulwark.runtime.container;
  exports dev.bulwark.runtime.json;
  exports dev.bulwark.runtime.engine;
  exports dev.bulwark.runtime.oci;
  exports dev.bulwark.runtime.cgroup;
}

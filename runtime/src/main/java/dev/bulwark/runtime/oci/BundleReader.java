package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.json.Field;
import java.util.ArrayList;
import java.util.List;

/** Reads what a bundle says about files, names and hooks. */
final class BundleReader {
  /** As in uname(2): 64 bytes, without the NUL. */
  private static final int LONGEST_NAME = 64;

  private BundleReader() {}

  static Config.Root root(Field field) throws ConfigException {
    Field path = field.require("path");
    String text = path.text();
    if (text.isEmpty()) {
      throw path.refuse("is empty; it must name the root file system's directory");
    }
    if (text.length() >= 4096) {
      throw path.refuse("is longer than the 4095 bytes that a path may have");
    }
    return new Config.Root(text, field.get("readonly").flag());
  }

  static String hostName(Field field) throws ConfigException {
    String name = field.textOrEmpty();
    if (name.length() > LONGEST_NAME) {
      throw field.refuse("is longer than " + LONGEST_NAME + " bytes");
    }
    return name;
  }

  static List<Mount> mounts(Field field) throws ConfigException {
    List<Mount> mounts = new ArrayList<>();
    for (Field element : field.elements()) {
      Field destination = element.require("destination");
      String path = destination.text();
      if (path.isEmpty()) {
        throw destination.refuse("is empty; it must be an absolute path in the container");
      }
      if (!path.startsWith("/")) {
        // As runc does, for configurations written before version 1.0.
        path = "/" + path;
      }
      if (path.length() >= 4096) {
        throw destination.refuse("is longer than the 4095 bytes that a path may have");
      }
      for (String ids : new String[] {"uidMappings", "gidMappings"}) {
        if (element.get(ids).present()) {
          throw Support.refuse(element, "mounts[]." + ids);
        }
      }
      Field type = element.get("type");
      Mount mount =
          new Mount(
              path,
              type.textOrEmpty(),
              element.get("source").textOrEmpty(),
              element.get("options").texts());
      mounts.add(mount);
      checkMount(element, mount);
    }
    return List.copyOf(mounts);
  }

  private static void checkMount(Field element, Mount mount) throws ConfigException {
    MountOptions options = MountOptions.of(mount);
    if (options.bind()) {
      if (mount.source().isEmpty()) {
        throw element.require("source").refuse("is empty; a bind mount needs one");
      }
    } else if (mount.type().isEmpty() || mount.type().equals("none")) {
      // A change of flags only, or of propagation: runc takes it for a mount and fails.
      throw element
          .get("type")
          .refuse("is missing; give a file system's type, or the option \"bind\"");
    }
    Support.checkMount(element, mount, options);
  }

  static Hooks hooks(Field field) throws ConfigException {
    if (!field.present()) {
      return Hooks.NONE;
    }
    return new Hooks(
        hooksOf(field.get("prestart")),
        hooksOf(field.get("createRuntime")),
        hooksOf(field.get("createContainer")),
        hooksOf(field.get("startContainer")),
        hooksOf(field.get("poststart")),
        hooksOf(field.get("poststop")));
  }

  private static List<Hooks.Hook> hooksOf(Field field) throws ConfigException {
    List<Hooks.Hook> hooks = new ArrayList<>();
    for (Field element : field.elements()) {
      hooks.add(
          new Hooks.Hook(
              element.require("path").absolutePath(),
              element.get("args").texts(),
              ProcessReader.environment(element.get("env")),
              element.get("timeout").intOrNull(1, Integer.MAX_VALUE)));
    }
    return List.copyOf(hooks);
  }
}

package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.json.Field;
import dev.bulwark.runtime.json.JsonDocument;

/**
 * Reads the documents that engines give to a runtime. What comes back was checked and does not hold
 * anything that {@link Support} refuses.
 */
public final class Documents {
  private Documents() {}

  /** Reads the {@code config.json} of a bundle. */
  public static Config config(byte[] document) throws ConfigException {
    Field top = JsonDocument.read("config.json", document).requireObject();
    version(top.require("ociVersion"));
    for (String other : new String[] {"solaris", "windows", "vm", "zos"}) {
      if (top.get(other).present()) {
        throw Support.refuse("config.json", other);
      }
    }
    Field linux = top.get("linux");
    Config config =
        new Config(
            top.get("ociVersion").text(),
            ProcessReader.read(top.require("process")),
            BundleReader.root(top.require("root")),
            BundleReader.hostName(top.get("hostname")),
            BundleReader.hostName(top.get("domainname")),
            BundleReader.mounts(top.get("mounts")),
            BundleReader.hooks(top.get("hooks")),
            top.get("annotations").textMap(),
            LinuxReader.read(linux));
    LinuxReader.checkNamespaces(linux, config.linux(), config);
    Support.check(config);
    return config;
  }

  /** Reads the document that {@code exec --process} names. */
  public static Process process(byte[] document) throws ConfigException {
    Field top = JsonDocument.read("process.json", document).requireObject();
    return ProcessReader.read(top);
  }

  /** Reads the limits that {@code update --resources} names. */
  public static Resources resources(byte[] document) throws ConfigException {
    Field top = JsonDocument.read("resources", document).requireObject();
    return ResourcesReader.read(top);
  }

  private static void version(Field field) throws ConfigException {
    String version = field.text();
    int at = 0;
    for (int part = 0; part < 3; part++) {
      int begin = at;
      while (at < version.length() && version.charAt(at) >= '0' && version.charAt(at) <= '9') {
        at++;
      }
      boolean dot = part == 2 || at < version.length() && version.charAt(at) == '.';
      if (at == begin || !dot) {
        throw field.refuse("must be a version such as 1.2.0, not " + Field.quote(version));
      }
      at += part == 2 ? 0 : 1;
    }
    if (at < version.length() && version.charAt(at) != '-' && version.charAt(at) != '+') {
      throw field.refuse("must be a version such as 1.2.0, not " + Field.quote(version));
    }
    if (!version.startsWith("1.")) {
      throw field.refuse(
          "is " + Field.quote(version) + "; Bulwark knows version 1 of the specification only");
    }
  }
}

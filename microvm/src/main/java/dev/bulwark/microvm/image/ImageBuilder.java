package dev.bulwark.microvm.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Makes one image from the packages that the distribution offers now. */
final class ImageBuilder {
  /** Changed when the same packages are to make another image. */
  private static final int FORMAT = 1;

  private static final int KEY_DIGITS = 16;
  private static final String KERNEL = "linux-image-amd64";
  private static final List<String> PROGRAMS = List.of("crun", "busybox-static");

  /** What a guest loads at its start; everything that these depend on comes before them. */
  private static final List<String> MODULES =
      List.of(
          "virtio_pci",
          "virtio_console",
          "virtio_rng",
          "virtio_net",
          "virtio_blk",
          "9p",
          "9pnet_virtio",
          "overlay");

  private static final List<String> DIRECTORIES =
      List.of(
          "bin", "dev", "etc", "lib", "lib/x86_64-linux-gnu", "lib64", "mnt", "modules", "proc");

  private static final List<String> APPLETS =
      List.of("sh", "cat", "ls", "mount", "umount", "ps", "ip", "dmesg", "lsmod", "mkdir");

  private final Path packageFiles;
  private final Consumer<String> progress;
  private final DebianPackages source;
  private final List<DebianPackages.DebianPackage> packages;
  private final String kernelPackage;

  /** Finds out which packages there are. */
  ImageBuilder(Path packageFiles, Consumer<String> progress) throws ImageException {
    this.packageFiles = packageFiles;
    this.progress = progress;
    source = new DebianPackages(packageFiles);
    kernelPackage = newestKernel();
    List<DebianPackages.DebianPackage> all = new ArrayList<>(source.resolve(PROGRAMS));
    // Of a kernel only its files are wanted; it depends on what makes it boot from a disk.
    source.resolveOnly(kernelPackage).ifPresent(all::add);
    packages = List.copyOf(all);
  }

  /** The package that the distribution's generic kernel is in at the moment. */
  private String newestKernel() throws ImageException {
    for (String name : source.resolveOnly(KERNEL).orElseThrow(this::noKernel).depends()) {
      if (name.startsWith("linux-image-")) {
        return name;
      }
    }
    throw noKernel();
  }

  private ImageException noKernel() {
    return new ImageException(
        "apt knows no package "
            + KERNEL
            + ": guest images are made from Debian's packages; run 'apt-get update' as root");
  }

  /** The name of the image that these packages make. */
  String key() {
    TreeSet<String> parts = new TreeSet<>();
    packages.forEach(one -> parts.add(one.name() + " " + one.sha256()));
    String all = "format " + FORMAT + "\n" + MODULES + APPLETS + "\n" + String.join("\n", parts);
    return DebianPackages.sha256(all.getBytes(StandardCharsets.UTF_8)).substring(0, KEY_DIGITS);
  }

  /** Fills a directory. */
  void build(Path directory) throws ImageException, IOException {
    progress.accept("fetching " + packages.size() + " packages with apt-get, for the guest image");
    List<Path> files = source.fetch(packages);
    progress.accept("putting the guest image together");
    Path tree = Files.createDirectory(directory.resolve("tree"));
    for (Path file : files) {
      Tool.run(packageFiles, "dpkg-deb", "-x", file.toString(), tree.toString());
    }
    Path release = onlyEntry(tree.resolve("lib/modules"));
    String version = release.getFileName().toString();
    String image = "boot/vmlinuz-" + version;
    byte[] kernel =
        KernelImage.extract(
            image + " of " + kernelPackage, Files.readAllBytes(tree.resolve(image)));
    Files.write(directory.resolve(GuestImage.KERNEL), kernel);
    Map<String, byte[]> modules = KernelModules.in(release).load(MODULES);
    Path base = directory.resolve(GuestImage.BASE);
    archive(tree, modules, base);
    ImageStore.remove(tree);

    List<String> manifest = new ArrayList<>(List.of("key " + key(), "kernel " + version));
    packages.forEach(one -> manifest.add("package " + one.name() + " " + one.version()));
    modules.keySet().forEach(name -> manifest.add("module " + name));
    manifest.add("sha256 " + GuestImage.KERNEL + " " + DebianPackages.sha256(kernel));
    manifest.add(
        "sha256 " + GuestImage.BASE + " " + DebianPackages.sha256(Files.readAllBytes(base)));
    Files.write(directory.resolve(GuestImage.MANIFEST), manifest);
  }

  /** Modules are files named by their turn, so that the agent needs no list. */
  private static void archive(Path tree, Map<String, byte[]> modules, Path to)
      throws ImageException, IOException {
    try (CpioWriter archive = new CpioWriter(new BufferedOutputStream(Files.newOutputStream(to)))) {
      for (String directory : DIRECTORIES) {
        archive.directory(directory, 0755);
      }
      archive.directory("root", 0700).directory("run", 0755).directory("sys", 0755);
      archive.directory("tmp", 01777);
      archive.device("dev/console", 0600, 5, 1).device("dev/null", 0666, 1, 3);
      archive.file("bin/busybox", 0755, Files.readAllBytes(tree.resolve("bin/busybox")));
      for (String applet : APPLETS) {
        archive.link("bin/" + applet, "busybox");
      }
      archive.file("bin/crun", 0755, Files.readAllBytes(tree.resolve("usr/bin/crun")));
      for (Map.Entry<String, byte[]> library :
          new SharedLibraries(tree).of("usr/bin/crun").entrySet()) {
        archive.file(library.getKey(), 0755, library.getValue());
      }
      int turn = 0;
      for (byte[] module : modules.values()) {
        archive.file("modules/" + turn++, 0644, module);
      }
    }
  }

  private static Path onlyEntry(Path directory) throws ImageException, IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        return entry;
      }
    }
    throw new ImageException("the kernel's package has no modules");
  }
}

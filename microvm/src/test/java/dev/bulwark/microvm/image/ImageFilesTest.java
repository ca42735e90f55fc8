package dev.bulwark.microvm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
  @Test
  void packageDescriptionsAreReadWithTheFirstOfAlternatives() {
    List<DebianPackages.DebianPackage> all =
        DebianPackages.parse(
            """
            Package: crun
            Version: 1.8.1-1
            Depends: libc6 (>= 2.34), libcap2:any, libsystemd0 | libelogind0
            SHA256: aa

            Package: libc6
            Version: 2.36
            Pre-Depends: gcc-12-base
            SHA256: bb
            """);
    assertEquals(2, all.size());
    assertEquals(
        new DebianPackages.DebianPackage(
            "crun", "1.8.1-1", "aa", List.of("libc6", "libcap2", "libsystemd0")),
        all.getFirst());
    assertEquals(List.of("gcc-12-base"), all.get(1).depends());
  }

  @Test
  void librariesOfAProgramAreThoseThatTheLoaderWouldTake() throws Exception {
    Elf shell = Elf.of("sh", Files.readAllBytes(Path.of("/bin/sh").toRealPath()));
    assertEquals("/lib64/ld-linux-x86-64.so.2", shell.interpreter());
    assertTrue(shell.needed().contains("libc.so.6"));
  }

  @Test
  void whatIsNoKernelIsRefusedByName() {
    for (int length : new int[] {0, 100, 4096}) {
      ImageException failure =
          assertThrows(
              ImageException.class, () -> KernelImage.extract("boot/vmlinuz", new byte[length]));
      assertTrue(failure.getMessage().startsWith("boot/vmlinuz"), failure.getMessage());
    }
  }

  @Test
  void moduleNamesAreTheKernels() {
    assertEquals("virtio_pci_modern_dev", KernelModules.name("virtio-pci-modern-dev.ko.xz"));
    assertThrows(ImageException.class, () -> KernelModules.dependencies("x", new byte[80]));
  }

  @Test
  void changedFilesOfAnImageAreFoundOut(@TempDir Path directory) throws Exception {
    byte[] kernel = "kernel".getBytes(StandardCharsets.US_ASCII);
    Files.write(directory.resolve(GuestImage.KERNEL), kernel);
    Files.write(
        directory.resolve(GuestImage.MANIFEST),
        List.of("kernel 6.1", "sha256 vmlinux " + DebianPackages.sha256(kernel)));
    GuestImage image = GuestImage.read(directory);
    image.verify();
    assertEquals("6.1", image.value("kernel"));
    Files.writeString(directory.resolve(GuestImage.KERNEL), "kernal");
    assertThrows(ImageException.class, image::verify);
  }

  @Test
  void storeWithoutImagesHasNoneAndSaysSo(@TempDir Path directory) throws Exception {
    ImageStore store = new ImageStore(directory.resolve("guest"));
    assertEquals(null, store.current());
    assertEquals(List.of(), store.all());
    assertThrows(ImageException.class, () -> store.remove("../x"));
  }
}

package dev.bulwark.runtime;

import static dev.bulwark.runtime.keeper.Confinement.CLONE_NEWCGROUP;
import static dev.bulwark.runtime.keeper.Confinement.CLONE_NEWIPC;
import static dev.bulwark.runtime.keeper.Confinement.CLONE_NEWNET;
import static dev.bulwark.runtime.keeper.Confinement.CLONE_NEWNS;
import static dev.bulwark.runtime.keeper.Confinement.CLONE_NEWPID;
import static dev.bulwark.runtime.keeper.Confinement.CLONE_NEWUSER;
import static dev.bulwark.runtime.keeper.Confinement.CLONE_NEWUTS;

import dev.bulwark.control.Inherited;
import dev.bulwark.linux.Guard;
import dev.bulwark.linux.Statx;
import dev.bulwark.runtime.keeper.Confinement;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How the processes of a sandbox are confined: SECURITY.md's promises, as data. */
final class Confinements {
  /** Of the host's user identifiers, above all that containers of systemd use. */
  private static final long FIRST_USER = 0x70000000L;

  private static final long OWN =
      CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

  private static final int CAP_CHOWN = 0;
  private static final int CAP_DAC_OVERRIDE = 1;
  private static final int CAP_FOWNER = 3;
  private static final int CAP_FSETID = 4;
  private static final int CAP_SETGID = 6;
  private static final int CAP_SETUID = 7;
  private static final int CAP_MKNOD = 27;
  private static final int CAP_SETFCAP = 31;

  /** What keeps modes, owners and attributes of files as the Sentry decides them. */
  static final long FILE_CAPABILITIES =
      1L << CAP_CHOWN
          | 1L << CAP_DAC_OVERRIDE
          | 1L << CAP_FOWNER
          | 1L << CAP_FSETID
          | 1L << CAP_MKNOD
          | 1L << CAP_SETFCAP;

  /** With which it connects to sockets of the host, if it was given some, as other users. */
  static final long SOCKET_CAPABILITIES = 1L << CAP_SETGID | 1L << CAP_SETUID;

  /** Where a JVM's libraries are, with the dynamic linker. */
  private static final List<String> LIBRARIES =
      List.of("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache");

  private Confinements() {}

  /**
   * The network namespace is the container's, for its sockets are the host's. To tell sockets of
   * the host truly who sends, it has to know the host's users and be allowed to speak for them.
   */
  static Confinement sentry(Installation installation, List<Tree> trees) {
    boolean connects = trees.stream().anyMatch(Confinements::connects);
    return new Confinement(
        connects ? OWN : OWN | CLONE_NEWUSER,
        FIRST_USER,
        connects ? SOCKET_CAPABILITIES : 0,
        visible(installation, Installation.Role.SENTRY),
        List.of(),
        1L << Guard.LOCK | 1L << Guard.TWIN | 1L << Guard.ECHO_SOCKET | 1L << Guard.BIND);
  }

  static Confinement gofer(Installation installation, List<Tree> trees) {
    List<Confinement.TreeMount> mounts = new ArrayList<>();
    for (int i = 0; i < trees.size(); i++) {
      mounts.add(new Confinement.TreeMount(Inherited.GOFER_ROOT + i, trees.get(i).readOnly()));
    }
    return new Confinement(
        OWN | CLONE_NEWNET,
        0,
        FILE_CAPABILITIES
            | (trees.stream().anyMatch(Confinements::connects) ? SOCKET_CAPABILITIES : 0),
        visible(installation, Installation.Role.GOFER),
        mounts,
        1L << Guard.LOCK | 1L << Guard.SEAL | 1L << Guard.FAILED);
  }

  private static boolean connects(Tree tree) {
    Statx stat = new Statx();
    return tree.sockets() || stat.fill(tree.fd(), "") == 0 && stat.type() == Statx.SOCKET;
  }

  private static List<String> visible(Installation installation, Installation.Role role) {
    List<String> paths = new ArrayList<>(LIBRARIES);
    String java = System.getProperty("java.home");
    paths.add(java);
    // Debian's own JDKs have links into /etc.
    for (String file : List.of("/lib/jvm.cfg", "/conf")) {
      String real = real(java + file);
      if (!real.startsWith(java)) {
        paths.add(real);
      }
    }
    paths.addAll(installation.files(role));
    return List.copyOf(paths);
  }

  private static String real(String path) {
    try {
      return new File(path).getCanonicalPath();
    } catch (IOException unreadable) {
      return path;
    }
  }
}

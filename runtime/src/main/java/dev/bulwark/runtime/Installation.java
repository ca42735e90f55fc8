package dev.bulwark.runtime;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where this build's files are, and how its JVMs are started: small heaps, the serial collector,
 * and class metadata from an ahead-of-time cache that a training run of the build recorded.
 */
final class Installation {
  /** A process of a sandbox that is a JVM. */
  enum Role {
    /** The user-space kernel. */
    SENTRY(
        "Sentry",
        "dev.bulwark.sentry.boot.Main",
        "bulwark-sentry bulwark-gofer bulwark-platform bulwark-control bulwark-linux",
        "-Xms8m -Xmn4m -Xmx512m -Xss512k -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=48m"
            + " -XX:InitialCodeCacheSize=48m"),
    /** The file server. */
    GOFER(
        "Gofer",
        "dev.bulwark.gofer.Main",
        "bulwark-gofer bulwark-linux",
        "-Xms4m -Xmn2m -Xmx64m -Xss512k -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=16m"
            + " -XX:InitialCodeCacheSize=16m"),
    /** The process beside a virtual machine. */
    MONITOR(
        "monitor",
        "dev.bulwark.microvm.monitor.Main",
        "bulwark-microvm bulwark-control bulwark-linux gson",
        "-Xms4m -Xmn2m -Xmx256m -Xss512k -XX:TieredStopAtLevel=1");

    private final String title;
    private final String mainClass;
    private final String jars;
    private final String flags;

    Role(String title, String mainClass, String jars, String flags) {
      this.title = title;
      this.mainClass = mainClass;
      this.jars = jars;
      this.flags = flags;
    }

    /** How messages call it. */
    String title() {
      return title;
    }

    /** The stem of its files' names. */
    String fileName() {
      return title.toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final String home;
  private final @Nullable String training;

  private Installation(String home, @Nullable String training) {
    this.home = home;
    this.training = training;
  }

  /**
   * The installation that this process runs from.
   *
   * @throws LaunchFailure when it was not started by the script {@code bulwark}
   */
  static Installation current() throws LaunchFailure {
    String home = System.getProperty("bulwark.home");
    if (home == null) {
      throw new LaunchFailure("the property bulwark.home is missing: start the script 'bulwark'");
    }
    return new Installation(home, System.getProperty("bulwark.training"));
  }

  /** Whether this run records the ahead-of-time caches, so that JVMs must end by themselves. */
  boolean training() {
    return training != null;
  }

  /** The directory that everything built lies in. */
  String home() {
    return home;
  }

  /** The JVM's executable. */
  String java() {
    return System.getProperty("java.home") + "/bin/java";
  }

  /** The script that starts the command line, and never builds. */
  String script() {
    return home + "/bulwark";
  }

  /** The keeper's executable. */
  String keeper() {
    return home + "/lib/bulwark-keeper";
  }

  /** The whole command line of a process. */
  List<String> command(Role role, List<String> arguments) {
    return command(role, role.mainClass, arguments);
  }

  /** The command line of another entry point into the same jars. */
  List<String> command(Role role, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            "-XX:-AOTReplayTraining",
            "-XX:Tier3LoadFeedback=1",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=exclude,jdk.internal.classfile.impl.StackMapGenerator::processBlock",
            "-XX:-UsePerfData",
            "-XX:-UseContainerSupport", // which would read files of the host again and again
            "-XX:+DisableAttachMechanism",
            "-XX:+ErrorFileToStderr",
            "-XX:-CreateCoredumpOnCrash",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.library.path=" + home + "/lib"));
    command.addAll(words(role.flags));
    String cache = "/" + role.fileName() + ".aot";
    if (new File(home + cache).exists()) {
      command.add("-XX:AOTCache=" + home + cache);
    } else if (training != null) {
      command.add("-XX:AOTCacheOutput=" + training + cache);
    }
    command.add("-cp");
    command.add(String.join(":", archives(role)));
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }

  private List<String> archives(Role role) {
    return words(role.jars).stream().map(jar -> home + "/lib/" + jar + ".jar").toList();
  }

  /** The files of this build that a process reads at its start. */
  List<String> files(Role role) {
    return List.of(home + "/lib", home + "/" + role.fileName() + ".aot");
  }

  private static List<String> words(String separatedBySpaces) {
    return List.of(separatedBySpaces.split(" ", -1));
  }
}

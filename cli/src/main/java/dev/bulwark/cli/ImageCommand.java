package dev.bulwark.cli;

import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.Launcher;

/** {@code bulwark image}: what virtual machines start from. */
final class ImageCommand implements Command {
  @Override
  public String name() {
    return "image";
  }

  @Override
  public String summary() {
    return "build, list or remove the guest images of the vm wall";
  }

  @Override
  public String operands() {
    return "build | list | rm KEY...";
  }

  @Override
  public String description() {
    return """
        A guest image is a kernel and an initial file system, made from Debian's packages, which apt-get
        fetches. The first use of the vm wall builds one; 'build' makes one of the packages that there are
        now. Nothing of the host is changed.
        """;
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public int run(Call call) throws LaunchFailure {
    return Launcher.images(call.given().operands());
  }
}

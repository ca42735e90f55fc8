package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.json.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a filter of system calls. */
final class SeccompReader {
  private static final List<String> ARCHITECTURES =
      List.of(
          ("X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64"
                  + " PPC64LE S390 S390X PARISC PARISC64 RISCV64 LOONGARCH64 M68K SH SHEB")
              .split(" ", -1));

  static final List<String> FLAGS =
      List.of(
          "SECCOMP_FILTER_FLAG_TSYNC",
          "SECCOMP_FILTER_FLAG_LOG",
          "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
          "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");

  private SeccompReader() {}

  static @Nullable Seccomp read(Field field) throws ConfigException {
    if (!field.present()) {
      return null;
    }
    Seccomp.Action action = action(field.require("defaultAction"));
    List<String> architectures = new ArrayList<>();
    for (Field element : field.get("architectures").elements()) {
      String name = element.text();
      if (!name.startsWith("SCMP_ARCH_") || !ARCHITECTURES.contains(name.substring(10))) {
        throw element.refuse(
            "must be an architecture such as SCMP_ARCH_X86_64, not " + Field.quote(name));
      }
      architectures.add(name);
    }
    List<String> flags = new ArrayList<>();
    for (Field element : field.get("flags").elements()) {
      flags.add(ProcessReader.oneOf(element, FLAGS));
    }
    List<Seccomp.Syscall> rules = new ArrayList<>();
    for (Field element : field.get("syscalls").elements()) {
      rules.add(rule(element));
    }
    return new Seccomp(
        action,
        errno(field.get("defaultErrnoRet"), action),
        List.copyOf(architectures),
        List.copyOf(flags),
        field.get("listenerPath").textOrEmpty(),
        field.get("listenerMetadata").textOrEmpty(),
        List.copyOf(rules));
  }

  private static Seccomp.Syscall rule(Field field) throws ConfigException {
    Field names = field.require("names");
    List<String> calls = names.texts();
    if (calls.isEmpty()) {
      throw names.refuse("is empty; it must name a system call");
    }
    Seccomp.Action action = action(field.require("action"));
    List<Seccomp.Arg> args = new ArrayList<>();
    for (Field element : field.get("args").elements()) {
      Long second = element.get("valueTwo").unsignedOrNull();
      args.add(
          new Seccomp.Arg(
              (int) element.require("index").integer(0, 5),
              element.require("value").unsigned(),
              second == null ? 0 : second,
              operator(element.require("op"))));
    }
    return new Seccomp.Syscall(
        calls, action, errno(field.get("errnoRet"), action), List.copyOf(args));
  }

  private static @Nullable Integer errno(Field field, Seccomp.Action action)
      throws ConfigException {
    boolean has =
        action == Seccomp.Action.SCMP_ACT_ERRNO || action == Seccomp.Action.SCMP_ACT_TRACE;
    if (!field.present()) {
      return has ? 1 : null;
    }
    if (!has) {
      throw field.refuse("belongs to SCMP_ACT_ERRNO and SCMP_ACT_TRACE only, not to " + action);
    }
    return (int) field.integer(0, 65535);
  }

  private static Seccomp.Action action(Field field) throws ConfigException {
    String name = field.text();
    for (Seccomp.Action action : Seccomp.Action.values()) {
      if (action.name().equals(name)) {
        return action;
      }
    }
    throw field.refuse("must be an action such as SCMP_ACT_ERRNO, not " + Field.quote(name));
  }

  private static Seccomp.Operator operator(Field field) throws ConfigException {
    String name = field.text();
    for (Seccomp.Operator operator : Seccomp.Operator.values()) {
      if (operator.name().equals(name)) {
        return operator;
      }
    }
    throw field.refuse("must be a comparison such as SCMP_CMP_EQ, not " + Field.quote(name));
  }
}

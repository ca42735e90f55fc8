package dev.bulwark.runtime.container;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Signals that this process gets while it waits for a container: they are the container's. Among
 * them is the one that tells of a new size of the terminal.
 *
 * <p>The JVM's only interface to signals is {@code sun.misc.Signal}. It is called by reflection,
 * because the compiler has a warning for it that cannot be turned off.
 */
final class ForwardedSignals {
  /** Those that a JVM lets be caught, without those that it needs itself. */
  private static final List<String> NAMES = List.of("HUP", "INT", "TERM", "USR2", "CONT", "WINCH");

  private static final int SIGWINCH = 28;

  private ForwardedSignals() {}

  /** From now on a process gets what this one would. */
  static void to(int pid) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method number = signal.getMethod("getNumber");
      InvocationHandler forward =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              HostCall.call(Sys.KILL, pid, (int) number.invoke(arguments[0]));
            }
            return null;
          };
      Object forwarding =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, forward);
      for (String name : NAMES) {
        Object each = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, each, forwarding);
      }
      // The size may have changed before this process heard of it; the keeper only looks.
      HostCall.call(Sys.KILL, pid, SIGWINCH);
    } catch (ReflectiveOperationException absent) {
      throw new LinkageError("this JVM has no sun.misc.Signal", absent);
    }
  }
}

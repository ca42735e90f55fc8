package dev.bulwark.runtime.container;

import dev.bulwark.control.PlatformChoice;
import org.jspecify.annotations.Nullable;

/**
 * The global options of the command line.
 *
 * @param root where the state of containers is kept
 * @param systemdCgroup whether systemd makes cgroups
 * @param debug whether sandboxes log what they do
 * @param logDirectory where sandboxes keep their logs; null for the state directory
 * @param wall what containers are behind whose annotations do not say; null for the sentry wall
 * @param acceleration of virtual machines: {@code auto}, {@code kvm} or {@code tcg}
 * @param trace a file that takes every system call; null for none
 * @param platform how calls are caught; null for what the configuration says
 */
public record Settings(
    String root,
    boolean systemdCgroup,
    boolean debug,
    @Nullable String wall,
    String acceleration,
    @Nullable String logDirectory,
    @Nullable String trace,
    @Nullable PlatformChoice platform) {}

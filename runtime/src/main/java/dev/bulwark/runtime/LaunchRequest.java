package dev.bulwark.runtime;

import dev.bulwark.control.SandboxSpec;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox to start, with what is the host's affair. Paths are byte strings.
 *
 * @param wall what stands between it and the host
 * @param spec what the Sentry is told
 * @param hostNetwork whether it uses the host's network; else it has one of its own, with a
 *     loopback interface alone
 * @param rootDirectory the directory of the host that becomes the root file system
 * @param traceFile where traced calls go; null for standard error
 * @param logDirectory where all processes keep their logs; null to keep none unless they fail
 */
public record LaunchRequest(
    Wall wall,
    SandboxSpec spec,
    boolean hostNetwork,
    String rootDirectory,
    @Nullable String traceFile,
    @Nullable String logDirectory) {}

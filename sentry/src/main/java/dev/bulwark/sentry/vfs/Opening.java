package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import org.jspecify.annotations.Nullable;

/**
 * What a file is opened with. Permissions are checked already.
 *
 * @param location where it was found
 * @param flags access mode and status flags of {@link OpenFlags}
 * @param credentials who opens
 * @param task the task that opens, for files that depend on it, such as /dev/tty or a FIFO that has
 *     to wait; null inside the kernel
 */
public record Opening(Location location, int flags, Credentials credentials, @Nullable Task task) {}

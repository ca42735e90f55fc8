/**
 * What a container sees of its control group: a file system as of cgroup v2 with the one group that
 * the sandbox is, showing {@link dev.bulwark.sentry.kernel.Resources} and the kernel's accounts. It
 * is only read; limits are changed from outside.
 */
package dev.bulwark.sentry.fs.cgroup;

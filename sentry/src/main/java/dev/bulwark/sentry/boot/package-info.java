/**
 * How a Sentry comes to life: from inherited descriptors and a specification to a running init, and
 * from its end to the report for the runtime command. Nothing here is used after the start but the
 * {@link dev.bulwark.control.KeeperLink}.
 */
package dev.bulwark.sentry.boot;

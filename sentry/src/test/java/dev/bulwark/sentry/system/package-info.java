/** Whole sandboxes in one process: real programs on the real platform, files in memory. */
@NullMarked
package dev.bulwark.sentry.system;

import org.jspecify.annotations.NullMarked;

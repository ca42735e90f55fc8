/** Who a task is: user and group identities, capabilities. */
package dev.bulwark.sentry.auth;

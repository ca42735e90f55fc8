/** What all rooms of the Sentry share: how a failed operation is told. */
package dev.bulwark.sentry;

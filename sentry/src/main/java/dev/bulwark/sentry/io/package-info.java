/** Where the bytes of a read come to and those of a write come from. */
package dev.bulwark.sentry.io;

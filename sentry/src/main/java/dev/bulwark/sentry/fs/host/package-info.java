/**
 * Files of the host that the sandbox was given open at its start: the application's standard input,
 * output and error when they are no terminal.
 */
package dev.bulwark.sentry.fs.host;

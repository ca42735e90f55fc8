/** inotify(7): queues of what happened to files that a program watches. */
package dev.bulwark.sentry.fs.inotify;

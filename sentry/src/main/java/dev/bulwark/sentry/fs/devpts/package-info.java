/** The file system of pseudoterminals, mounted at /dev/pts (devpts of Linux). */
package dev.bulwark.sentry.fs.devpts;

/**
 * The file system of devices, /sys (sysfs(5)), as far as programs look there without having
 * devices: the processors, huge pages, the place of the control groups, empty classes.
 */
package dev.bulwark.sentry.fs.sys;

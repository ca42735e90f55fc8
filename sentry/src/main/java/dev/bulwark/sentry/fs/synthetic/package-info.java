/**
 * What file systems are made of whose files the kernel writes itself, such as /proc and /sys:
 * directories whose names are computed, files whose text is generated when they are read, links
 * that lead to living objects. Nothing here is stored.
 */
package dev.bulwark.sentry.fs.synthetic;

/** Application memory: virtual memory areas, mapping, faults, and access from system calls. */
package dev.bulwark.sentry.mm;

/**
 * Virtual machines: what the monitor needs of a hypervisor ({@link
 * dev.bulwark.microvm.hypervisor.Hypervisor}), and QEMU as the one there is.
 *
 * <p>A hypervisor runs in a jail (microvm/src/main/c/jail.c) and is hostile once a guest has broken
 * out of it: what it says over QMP is bounded and only ever compared. It is spoken to over sockets
 * without names, so that there is nothing in the file system to protect or to clean up.
 */
package dev.bulwark.microvm.hypervisor;

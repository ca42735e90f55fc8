/**
 * The process beside a virtual machine, which is to it what the Sentry is to a sandbox of the other
 * wall: it is given the same specification, speaks the same messages with the same keeper, and ends
 * the container when anything that this takes has ended.
 *
 * <p>Inside the guest every detail of a container is crun's affair; this package says what there is
 * to run, in the OCI runtime specification's words, and carries what goes in and out.
 */
package dev.bulwark.microvm.monitor;

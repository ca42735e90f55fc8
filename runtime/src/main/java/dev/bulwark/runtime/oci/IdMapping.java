package dev.bulwark.runtime.oci;

/**
 * A range of user or group numbers of the container and the host's that they stand for.
 *
 * @param containerId the first of the container, 0 to 2^32-2
 * @param hostId the first of the host, 0 to 2^32-2
 * @param size how many, at least 1; both ranges end below 2^32-1
 */
public record IdMapping(long containerId, long hostId, long size) {}

package dev.bulwark.sentry.vfs;

/**
 * What a file starts its life with.
 *
 * @param mode file type and permission bits; the umask is taken off already
 * @param uid owner
 * @param gid group
 */
public record NewFile(int mode, int uid, int gid) {}

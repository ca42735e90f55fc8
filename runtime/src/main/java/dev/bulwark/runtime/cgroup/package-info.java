/**
 * Cgroups of the host around a sandbox: where they are, what limits them, what they count.
 *
 * <p>{@link dev.bulwark.runtime.cgroup.CgroupHost} knows which controllers this host has, on cgroup
 * v1, v2 or both at once; {@link dev.bulwark.runtime.cgroup.CgroupPath} says where a container's
 * cgroup is to be; {@link dev.bulwark.runtime.cgroup.Cgroup} is it. All that has to be remembered
 * to remove one later are its paths, which are known before the first is made. Each controller is
 * used where it lives, so a host with cgroup v1 and some controllers on v2 needs no special case.
 * Hierarchies of v1 without a controller ({@code name=systemd}) are left alone.
 *
 * <p>With the systemd driver, {@link dev.bulwark.runtime.cgroup.SystemdScope} asks systemd for a
 * scope where systemd runs; elsewhere the same directories are made plainly. Nothing here has
 * locks: one command works on one container at a time.
 */
package dev.bulwark.runtime.cgroup;

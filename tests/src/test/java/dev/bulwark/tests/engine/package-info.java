/**
 * Tests of the runtime as the engines drive it: Docker, containerd and podman, started by the tests
 * themselves.
 *
 * <p>{@link dev.bulwark.tests.engine.Enclosure} is a set of namespaces in which everything of a run
 * happens: processes, bridges, NAT rules, mounts. Closing it ends all of that. {@link
 * dev.bulwark.tests.engine.Docker} is dockerd in it, shared by all classes of a run; {@link
 * dev.bulwark.tests.engine.Container} is one container of it. {@link
 * dev.bulwark.tests.engine.Leftovers} says after each class whether anything has been left behind.
 *
 * <p>The system property {@code bulwark.engine.runtime} chooses the runtime: {@code bulwark}, which
 * is the default, or {@code runc}, with which every test that is not about a promise of Bulwark
 * alone must pass as well. That keeps the expectations honest.
 */
@org.jspecify.annotations.NullMarked
package dev.bulwark.tests.engine;

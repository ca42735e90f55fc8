/** The OCI runtime as an engine calls it: bundles, the life cycle, and what is left afterwards. */
@org.jspecify.annotations.NullMarked
package dev.bulwark.tests.oci;

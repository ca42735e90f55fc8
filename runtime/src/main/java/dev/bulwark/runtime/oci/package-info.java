/**
 * The OCI runtime specification 1.2: {@code config.json} and the documents beside it as immutable
 * records, named as there.
 *
 * <p>{@link dev.bulwark.runtime.oci.Documents} reads them, {@link dev.bulwark.runtime.oci.Support}
 * says of every field whether Bulwark enforces it, accepts it without effect or refuses it, and
 * refuses. A record in hand is therefore consistent and within the kernel's ranges: absolute paths
 * are, numbers fit their types, names are known. Fields that the specification does not know are
 * ignored, as by runc. A component is null only where absence means something else than every
 * value; lists and maps are empty instead. Strings are byte strings (a char a byte). Nothing here
 * touches the host, and nothing has locks.
 */
package dev.bulwark.runtime.oci;

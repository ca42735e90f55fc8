/**
 * JSON as container engines write and read it: documents to trees, trees to typed values by way of
 * {@link dev.bulwark.runtime.json.Field}, whose refusals name the field, and text back.
 *
 * <p>Strings are byte strings here as everywhere in the project: a char a byte of their UTF-8, so
 * that they reach the kernel unchanged. Documents are hostile: size, depth, the number of values
 * and the length of strings are bounded, and whatever is wrong with one is a {@link
 * dev.bulwark.runtime.json.ConfigException} with a sentence for people. Nothing here has locks; all
 * values are immutable but for the writer.
 *
 * <p>The tokens are read by Gson's streaming reader in its strict mode, the cheapest of four
 * libraries at start: 5 ms, where jackson-core took 25.
 */
package dev.bulwark.runtime.json;

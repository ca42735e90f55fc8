/**
 * The configuration files of container engines, where {@code install} makes Bulwark known and
 * {@code uninstall} takes it out again. What else is in them stays, with its order and comments; a
 * file is replaced as a whole or not at all. Nothing here starts or reloads an engine.
 */
package dev.bulwark.runtime.engine;

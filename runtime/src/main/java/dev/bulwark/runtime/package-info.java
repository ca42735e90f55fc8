/**
 * Life cycle of sandboxes: what starts, watches and ends their processes. Parsing of commands stays
 * in {@code cli}.
 */
package dev.bulwark.runtime;

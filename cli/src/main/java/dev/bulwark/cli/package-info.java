/**
 * The command line: parsing and printing. What a command does lives in {@code dev.bulwark.runtime}.
 */
package dev.bulwark.cli;

/** Builds in which a part of Bulwark is another: faulty, or an attacker's. */
@NullMarked
package dev.bulwark.tests.attack;

import org.jspecify.annotations.NullMarked;

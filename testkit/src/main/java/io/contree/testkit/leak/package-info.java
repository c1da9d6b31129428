/**
 * Probes for what a test could leave on the machine, one for each kind of thing: what {@link io.contree.testkit.LeakChecker} looks
 * with. Internal to the test kit.
 */
@NullMarked
package io.contree.testkit.leak;

import org.jspecify.annotations.NullMarked;

/**
 * What the tests of all modules share: checks for what they need and for what they leave behind, real root file
 * systems, a real registry, and trees that can be compared. Everything here is the real thing or a small part of our
 * own; nothing is mocked.
 */
@NullMarked
package io.contree.testkit;

import org.jspecify.annotations.NullMarked;

/**
 * What the tests of all modules share: checks for what they need and for what they leave behind, real root file systems, a real
 * registry, trees that can be compared, and the API's description. Everything here is the real thing or a small part of our own;
 * nothing is mocked.
 */
@NullMarked
package io.contree.testkit;

import org.jspecify.annotations.NullMarked;

/** {@code contree doctor}: tries on this machine what a run would need, and names the remedy for what is missing. */
@NullMarked
package io.contree.cli.doctor;

import org.jspecify.annotations.NullMarked;

/**
 * Carries {@code contree-init}, the static program that is PID 1 of every sandbox, to the machine it runs on. The
 * program itself is C ({@code init/src}); how one speaks with it is in {@code docs/design/init-protocol.md}.
 */
@NullMarked
package io.contree.init;

import org.jspecify.annotations.NullMarked;

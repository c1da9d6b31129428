/** The machine's own programs. */
@NullMarked
package io.contree.cli.host;

import org.jspecify.annotations.NullMarked;

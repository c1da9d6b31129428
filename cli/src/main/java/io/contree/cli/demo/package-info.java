/** {@code contree demo}: a branching story on a real server, drawn as a tree, with its claims checked. */
@NullMarked
package io.contree.cli.demo;

import org.jspecify.annotations.NullMarked;

/** The processes of one sandbox: what they are started with, what they read and write, how they end. Knows no operation. */
@NullMarked
package io.contree.engine.process;

import org.jspecify.annotations.NullMarked;

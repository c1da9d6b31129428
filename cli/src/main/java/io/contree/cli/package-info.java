@NullMarked
package io.contree.cli;

import org.jspecify.annotations.NullMarked;

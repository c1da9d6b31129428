@NullMarked
package io.contree.server;

import org.jspecify.annotations.NullMarked;

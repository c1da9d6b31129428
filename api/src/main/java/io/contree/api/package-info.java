@NullMarked
package io.contree.api;

import org.jspecify.annotations.NullMarked;

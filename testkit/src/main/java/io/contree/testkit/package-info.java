@NullMarked
package io.contree.testkit;

import org.jspecify.annotations.NullMarked;

/** Where the server is and what the token is: the settings of a program, the environment and the profile files. */
@NullMarked
package io.contree.sdk.internal.config;

import org.jspecify.annotations.NullMarked;

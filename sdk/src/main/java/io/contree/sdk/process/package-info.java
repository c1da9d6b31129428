/**
 * Processes inside of sandboxes as {@link java.lang.Process}.
 *
 * <pre>{@code
 * Process shell = session.popen("sh");
 * try (Writer in = new OutputStreamWriter(shell.getOutputStream(), UTF_8)) {
 *     in.write("echo $((6 * 7)) > /answer\n");
 * }
 * shell.waitFor();
 * session.readText("/answer");          // the session has moved to the state that the process left
 * }</pre>
 */
@NullMarked
package io.contree.sdk.process;

import org.jspecify.annotations.NullMarked;

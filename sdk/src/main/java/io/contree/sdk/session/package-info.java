/**
 * Sessions: a line of runs in which each starts from the state that the one before it left, with named branches as in git,
 * kept in memory or in a small file.
 *
 * <pre>{@code
 * Session session = contree.images().use("ubuntu:latest").session(SessionStore.file(Path.of("agent.json")));
 * session.shell("apt-get install -y gcc").execute();
 * Session attempt = session.branch("attempt");          // independent from here on
 * attempt.shell("patch -p1 < /fix.diff && make").execute();
 * session.rollback(1);                                  // as it was before gcc
 * }</pre>
 */
@NullMarked
package io.contree.sdk.session;

import org.jspecify.annotations.NullMarked;

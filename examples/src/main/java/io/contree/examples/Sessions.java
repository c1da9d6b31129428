package io.contree.examples;

import io.contree.sdk.Contree;
import io.contree.sdk.session.Session;
import io.contree.sdk.session.SessionStore;
import io.contree.sdk.session.Step;
import java.nio.file.Files;
import java.nio.file.Path;

/** A line of runs that is kept in a file: a second program, or this one after a crash, goes on where it left off. */
public final class Sessions {
    private Sessions() {}

    public static void main(String[] args) throws Exception {
        Path file = Files.createTempDirectory("contree-example").resolve("session.json");
        try (Contree contree = Contree.connect()) {
            Session session = Base.image(contree, args).session(SessionStore.file(file));
            session.shell("mkdir /app && echo 1 > /app/log").execute();
            session.shell("echo 2 >> /app/log").start(); // and nobody waits for it

            Session resumed = contree.session(SessionStore.file(file));
            System.out.print(resumed.readText("/app/log"));
            for (Step step : resumed.history()) {
                System.out.println(step.image() + "  " + step.command().orElse("(begin)"));
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.resolveSibling("session.json.lock"));
            Files.delete(file.getParent());
        }
    }
}

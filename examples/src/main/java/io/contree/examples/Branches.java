package io.contree.examples;

import io.contree.sdk.Contree;
import io.contree.sdk.session.Session;

/** Two attempts from one state, side by side; the one that fails is rolled back. */
public final class Branches {
    private Branches() {}

    public static void main(String[] args) {
        try (Contree contree = Contree.connect()) {
            Session session = Base.image(contree, args).session();
            session.shell("echo 'a broken program' > /program").execute();

            Session attempt = session.branch("attempt");
            attempt.shell("sed -i s/broken/working/ /program").execute();
            session.shell("rm /program").execute();

            System.out.print("branch attempt: " + attempt.readText("/program"));
            System.out.println("branch main has the program: " + session.exists("/program"));
            session.rollback(1);
            System.out.print("main, rolled back: " + session.readText("/program"));
        }
    }
}

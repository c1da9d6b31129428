import io.contree.sdk.ClientClosedException;
import io.contree.sdk.Contree;
import io.contree.sdk.EventStream;
import io.contree.sdk.Execution;
import io.contree.sdk.Image;
import io.contree.sdk.fanout.FanOut;
import io.contree.sdk.session.Session;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** A bit of everything, on the oldest Java that the client is for; each line says what came out. */
public class OnJava17 {
    public static void main(String[] arguments) throws Exception {
        System.out.println("Java " + Runtime.version().feature());
        Contree contree = Contree.connect();
        Image image = contree.images().use(arguments[0]);

        Image next = image.shell("mkdir /d; echo text > /d/f").execute().image();
        System.out.println("run: " + next.readText("/d/f").strip());

        List<String> types = new ArrayList<>();
        try (EventStream events = next.shell("cat /d/f").start().events()) {
            events.forEachRemaining(event -> types.add(event.type()));
        }
        System.out.println("events: " + types.get(0) + " to " + types.get(types.size() - 1));

        Session session = next.session();
        Process process = session.popen("sh", "-c", "cat > /d/g");
        try (OutputStream input = process.getOutputStream()) {
            input.write("typed".getBytes(StandardCharsets.UTF_8));
        }
        System.out.println("process: " + process.waitFor() + ", " + session.readText("/d/g"));

        try (FileSystem files = session.image().fileSystem();
                Stream<Path> found = Files.list(files.getPath("/d"))) {
            System.out.println("files: " + found.sorted().toList());
        }

        System.out.println("async: "
                + contree.async().images().use(arguments[0]).shell("echo later").execute().get().stdout().strip());
        System.out.println("fan-out: "
                + FanOut.over(List.of("1", "2", "3"), i -> image.command("echo", i)).atMost(2).execute().size());

        Execution sleeping = image.command("sleep", "60").start();
        CompletableFuture<?> waiting = CompletableFuture.supplyAsync(sleeping::await);
        try (EventStream events = sleeping.events()) {
            events.next();
        }
        sleeping.cancel();
        try {
            waiting.get();
        } catch (ExecutionException e) {
            System.out.println("cancelled: " + e.getCause().getClass().getSimpleName());
        }

        Execution open = image.command("sleep", "60").disposable().start();
        try (EventStream events = open.events()) {
            while (!events.next().type().equals("spawn")) {}
            Thread closer = new Thread(contree::close);
            closer.start();
            try {
                while (events.hasNext()) {
                    events.next();
                }
            } catch (ClientClosedException e) {
                System.out.println("closed");
            }
            closer.join();
        }
        try (Contree other = Contree.connect()) {
            other.operations().attach(open.operation()).cancel();
        }
    }
}

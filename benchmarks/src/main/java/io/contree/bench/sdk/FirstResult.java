package io.contree.bench.sdk;

import io.contree.sdk.Contree;

/** The shortest program with a result: {@code URL TOKEN IMAGE}. */
public final class FirstResult {
    private FirstResult() {}

    public static void main(String[] arguments) {
        try (Contree contree =
                Contree.builder().baseUrl(arguments[0]).token(arguments[1]).build()) {
            System.out.print(contree.images()
                    .use(arguments[2])
                    .command("echo", "hello")
                    .disposable()
                    .execute()
                    .stdout());
        }
    }
}

package io.contree.examples;

import io.contree.sdk.ContreeClientException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/** Runs the example that the first argument names, and reports its failure in the client's words only. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Throwable {
        Class<?> example = Class.forName(Main.class.getPackageName() + "." + args[0]);
        Object rest = Arrays.copyOfRange(args, 1, args.length);
        try {
            example.getMethod("main", String[].class).invoke(null, rest);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ContreeClientException failure) {
                System.err.println(args[0] + ": " + failure.getMessage());
                System.exit(1);
            }
            throw e.getCause();
        }
    }
}

package io.contree.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Random values for property tests, the same ones each time: chance decides no test. With the system property {@code
 * contree.seed} set to {@code fresh}, {@link #forAll} tries others. A failing case names its seed; with the property set to that,
 * it runs alone.
 */
public final class SeededRandom {
    private static final String PROPERTY = "contree.seed";

    private final long seed;
    private final Random random;

    public SeededRandom(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** A test of one property with the values of one seed. */
    @FunctionalInterface
    public interface Case {
        void check(SeededRandom random) throws Exception;
    }

    /**
     * Checks a property for a number of seeds.
     *
     * @throws AssertionError if a case fails; its message starts with the seed, its cause is the failure
     */
    public static void forAll(int cases, Case property) {
        String wanted = System.getProperty(PROPERTY, "");
        boolean fresh = wanted.equals("fresh");
        if (!wanted.isEmpty() && !fresh) {
            check(Long.parseLong(wanted), property);
            return;
        }
        Random seeds = fresh ? new Random() : new Random(1);
        for (int i = 0; i < cases; i++) {
            check(seeds.nextLong(), property);
        }
    }

    private static void check(long seed, Case property) {
        try {
            property.check(new SeededRandom(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + " (again with -D" + PROPERTY + "=" + seed + "): " + e, e);
        }
    }

    public long seed() {
        return seed;
    }

    /** A whole number of {@code least..most}, both included. */
    public int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    public long nextLong() {
        return random.nextLong();
    }

    /** True in {@code percent} of 100 cases. */
    public boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    public <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    public byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A list of {@code least..most} values. */
    public <T> List<T> list(int least, int most, Supplier<T> element) {
        List<T> values = new ArrayList<>();
        for (int left = between(least, most); left > 0; left--) {
            values.add(element.get());
        }
        return values;
    }

    /** A raw file name of {@code 1..most} bytes: mostly letters, at times any byte but NUL and the slash. */
    public String rawName(int most) {
        int length = between(1, most);
        boolean strange = chance(20);
        StringBuilder name = new StringBuilder(length);
        while (name.length() < length) {
            char c = strange ? (char) between(1, 255) : (char) between('a', 'z');
            // Without dots the names "." and ".." cannot come out; leading dots are tried often enough by hand.
            name.append(c == '/' || c == '.' ? '_' : c);
        }
        return name.toString();
    }
}

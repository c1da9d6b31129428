package io.contree.store.oci.image;

import java.util.Locale;

/** An operating system, a processor and its variant (empty where there is none), in the words of the OCI specification. */
public record Platform(String os, String architecture, String variant) {
    /** The platform of this machine. */
    public static Platform ofThisMachine() {
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return switch (machine) {
            case "amd64", "x86_64" -> new Platform("linux", "amd64", "");
            case "aarch64", "arm64" -> new Platform("linux", "arm64", "");
            default -> new Platform("linux", machine, "");
        };
    }

    /**
     * How well an image for another platform runs on this one: -1 not at all, else the lower the better. An image without
     * a variant is for the oldest one (v1 of amd64, v8 of arm64), and later variants may need what this machine lacks.
     */
    int distance(Platform image) {
        if (!os.equals(image.os) || !architecture.equals(image.architecture)) {
            return -1;
        }
        int oldest = architecture.equals("arm64") ? 8 : 1;
        String digits = image.variant.replaceFirst("^v", "").replaceFirst("\\..*$", "");
        if (digits.isEmpty()) {
            return 0;
        }
        return digits.matches("[0-9]{1,3}") ? Math.abs(Integer.parseInt(digits) - oldest) : Integer.MAX_VALUE;
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}

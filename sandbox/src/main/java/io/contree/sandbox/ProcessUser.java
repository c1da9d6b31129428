package io.contree.sandbox;

/**
 * Who a process is. Names, and what belongs to a number, are looked up inside when it starts, in the image's own {@code
 * /etc/passwd} and {@code /etc/group}.
 *
 * @param text {@code USER[:GROUP]}, each a number or a name, as for docker's {@code --user}
 * @param allGroups whether the user's supplementary groups count where {@code text} names a group, too; docker leaves them out
 *     then. They always count where it names none
 */
public record ProcessUser(String text, boolean allGroups) {
    public static final ProcessUser ROOT = of(0, 0);

    /** A number with a group of its own choice, and with the groups that the image gives it. */
    public static ProcessUser of(int uid, int gid) {
        return new ProcessUser(uid + ":" + gid, true);
    }

    /** Exactly as docker reads it. */
    public static ProcessUser asDocker(String text) {
        return new ProcessUser(text, false);
    }
}

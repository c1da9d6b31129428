package io.contree.sdk.nio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;

/** Users and groups by name, as the image's own {@code /etc/passwd} and {@code /etc/group} have them, or by number. */
final class ImagePrincipals extends UserPrincipalLookupService {
    private final ImageFileSystem fileSystem;

    ImagePrincipals(ImageFileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    @Override
    public UserPrincipal lookupPrincipalByName(String name) throws IOException {
        return new ImageUser(id(name, "/etc/passwd"), name);
    }

    @Override
    public GroupPrincipal lookupPrincipalByGroupName(String group) throws IOException {
        return new ImageGroup(id(group, "/etc/group"), group);
    }

    private long id(String name, String table) throws IOException {
        for (String line : text(table).split("\n")) {
            String[] fields = line.split(":", -1);
            Optional<Long> id = fields.length > 2 && fields[0].equals(name) ? number(fields[2]) : Optional.empty();
            if (id.isPresent()) {
                return id.get();
            }
        }
        return number(name).orElseThrow(() -> new UserPrincipalNotFoundException(name));
    }

    private String text(String table) throws IOException {
        try {
            return new String(Files.readAllBytes(fileSystem.getPath(table)), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,10}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }
}

package io.contree.store.oci.local;

import io.contree.store.Digest;
import io.contree.store.FileStore;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.reference.Place;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * What one import may read that does not come from a registry.
 *
 * @param upload the bytes of the uploaded file that the reference names
 */
public record ImportFiles(LocalSources local, FileStore uploads, Optional<Digest> upload) {
    /** Opens the regular file at a place. */
    public FileChannel file(Place place) throws IOException {
        return switch (place) {
            case Place.Local at -> local.file(at.path());
            case Place.Upload at ->
                uploads.open(upload.orElseThrow(() -> new StoreException(
                        Kind.NOT_FOUND,
                        "There is no uploaded file " + at.file() + " in this project. Upload it first.")));
        };
    }
}

package io.contree.store.backup;

import java.util.List;

/**
 * What became of a backup or a restore.
 *
 * @param backup name of the backup in its directory
 * @param layersKept those that the directory had already
 * @param bytes of contents that were copied, before compression and with holes
 * @param removed how many layers, files and logs were removed, since no backup that is kept needs them
 * @param damaged what could not be copied since it is not what was written, in words
 * @param millis how long it took
 */
public record BackupSummary(
        String backup,
        long layersCopied,
        long layersKept,
        long filesCopied,
        long filesKept,
        long logsCopied,
        long logsKept,
        long bytes,
        long removed,
        List<String> damaged,
        long millis) {}

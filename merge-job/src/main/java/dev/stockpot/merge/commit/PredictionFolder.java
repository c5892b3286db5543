package dev.stockpot.merge.commit;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.part.CopyResult;
import dev.stockpot.merge.part.CopyTask;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.PendingFolder.Upload;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A folder of predictions in the making: claimed before tables are read, filled with the files of
 * tables that were written beside it, and made visible in one step. Not thread-safe.
 */
public final class PredictionFolder implements Closeable {
  private final PendingFolder folder;
  private final List<String> names = new ArrayList<>();
  private final List<Upload> uploads = new ArrayList<>();
  private final Map<String, ListedFile> listed = new HashMap<>();

  private PredictionFolder(PendingFolder folder) {
    this.folder = folder;
  }

  /**
   * Claims it.
   *
   * @throws dev.stockpot.merge.storage.OutputOccupiedException if the folder is not free
   */
  public static PredictionFolder claim(ObjectStore store, Location output, Replaceable replaceable)
      throws IOException {
    return new PredictionFolder(store.create(output, replaceable));
  }

  /**
   * Begins to take files.
   *
   * @param files by their names here
   * @return a task for each, in their order
   */
  public List<CopyTask> begin(Map<String, StoredObject> files, long partSize) throws IOException {
    List<CopyTask> tasks = new ArrayList<>();
    for (Map.Entry<String, StoredObject> file : files.entrySet()) {
      long size = file.getValue().size();
      Upload upload = folder.startUpload(file.getKey(), size);
      names.add(file.getKey());
      uploads.add(upload);
      tasks.add(new CopyTask(file.getValue(), FolderCopy.tickets(upload, size, partSize)));
    }
    return tasks;
  }

  /** Takes a file that is copied, by the place of its task. */
  public void accept(int place, CopyResult copied) throws IOException {
    uploads.get(place).complete(copied.receipts());
    long size =
        copied.receipts().stream().mapToLong(receipt -> receipt.ticket().range().length()).sum();
    listed.put(names.get(place), new ListedFile(size, copied.sha256()));
  }

  /**
   * Adds the small files and a manifest, and makes everything visible.
   *
   * @param about what was made of what
   */
  public void publish(JsonObject about, Map<String, String> versions, Map<String, ByteBuffer> small)
      throws IOException {
    if (listed.size() < names.size()) {
      throw new IllegalStateException("%s of %s files".formatted(listed.size(), names.size()));
    }
    Map<String, ByteBuffer> files = new LinkedHashMap<>(small);
    List<JsonObject> all = new ArrayList<>();
    names.forEach(name -> all.add(listed.get(name).json(name))); // tasks end in any order
    ListedFile.of(small).forEach((name, file) -> all.add(file.json(name)));
    files.put(
        Manifest.FILE_NAME,
        OutputFiles.json(
            JsonObject.EMPTY
                .with("format", Manifest.FORMAT)
                .with("versions", JsonObject.of(versions))
                .with("predictions", about)
                .with(Manifest.FILES, all)));
    folder.publish(files);
  }

  /** Gives it up, if it was not published. */
  @Override
  public void close() throws IOException {
    folder.close();
  }
}

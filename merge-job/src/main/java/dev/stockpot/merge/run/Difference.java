package dev.stockpot.merge.run;

import dev.stockpot.merge.report.LayerChange;
import dev.stockpot.merge.report.Report;
import dev.stockpot.merge.report.ReportFiles;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** How two checkpoints differ, tensor by tensor. */
public final class Difference {
  private final ObjectStore store;
  private final Report report;

  Difference(ObjectStore store, Report report) {
    this.store = store;
    this.report = report;
  }

  /** How many tensors were compared. */
  public int tensors() {
    return report.tensors().size();
  }

  /** The change of each layer, in their order. */
  public List<LayerChange> layers() {
    return LayerChange.of(report);
  }

  /**
   * Writes a report about it.
   *
   * @param output folder in which {@code report/} is made
   * @param overwrite whether what the folder holds may be replaced
   * @return the page to look at
   * @throws StorageException if that fails
   */
  public String writeTo(String output, boolean overwrite) {
    try (PendingFolder folder = store.create(new Location(output), overwrite)) {
      for (Map.Entry<String, ByteBuffer> file : ReportFiles.of(report).entrySet()) {
        folder.put(file.getKey(), file.getValue());
      }
      folder.publish();
      return output + "/" + ReportFiles.PAGE;
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }
}

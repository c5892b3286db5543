package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.OutputFiles;
import dev.stockpot.merge.report.LayerChange;
import dev.stockpot.merge.report.Report;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How two checkpoints differ, tensor by tensor. */
public final class Difference {
  private final ObjectStore store;
  private final Compared compared;
  private final Report report;
  private final Optional<Output> output;

  /** Folders that were compared. */
  record Compared(String base, String model) {}

  /** Where a report may go. */
  record Output(String folder, Replaceable replaceable) {}

  Difference(ObjectStore store, Compared compared, Report report, Optional<Output> output) {
    this.store = store;
    this.compared = compared;
    this.report = report;
    this.output = output;
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
   * Writes a report about it, if an output was named.
   *
   * @return the page to look at
   * @throws StorageException if that fails
   */
  public Optional<String> publish() {
    return output.map(this::publish);
  }

  private String publish(Output to) {
    Map<String, ByteBuffer> files =
        OutputFiles.ofDifference(
            compared.base(),
            compared.model(),
            Map.of("stockpot", BuildVersion.stockpot()),
            report.files());
    try (PendingFolder folder = store.create(Location.typed(to.folder()), to.replaceable())) {
      folder.publish(files);
      return to.folder() + "/" + Report.PAGE;
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }
}

package dev.stockpot.merge.run;

import dev.stockpot.merge.hub.Hub;
import dev.stockpot.merge.model.StoredRange;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.ScannedWork;
import dev.stockpot.merge.plan.WantedScan;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Bytes of a hub that are read to look at tensors, and once more to merge them: they come over the
 * network each time, and none is kept.
 */
final class ReadTwice {
  private static final long MEBIBYTE = 1 << 20;

  private final ObjectSource store;
  private final Map<Location, Boolean> remote = new HashMap<>();
  private final Set<String> models = new TreeSet<>();
  private long bytes;
  private int tensors;
  private boolean helpsMemory;

  private ReadTwice(ObjectSource store) {
    this.store = store;
  }

  /** What a user should know of them; nothing if a plan reads none twice. */
  static Optional<String> notice(MergePlan plan, ObjectSource store) {
    ReadTwice twice = new ReadTwice(store);
    plan.scans().forEach(twice::add);
    return twice.bytes == 0 ? Optional.empty() : Optional.of(twice.words());
  }

  private void add(ScannedWork scanned) {
    long before = bytes;
    scanned.slices().stream()
        .flatMap(slice -> slice.work().footprint(slice.span()).ranges().stream())
        .filter(range -> remote.computeIfAbsent(range.object().location(), this::isRemote))
        .forEach(this::add);
    if (bytes > before) {
      tensors++;
      helpsMemory |= scanned.work().scan().filter(ReadTwice::isOfTensor).isPresent();
    }
  }

  private static boolean isOfTensor(WantedScan wanted) {
    return wanted.scope().isTensor();
  }

  private void add(StoredRange range) {
    bytes += range.bytes().length();
    String file = range.object().location().path();
    models.add(file.substring(0, file.lastIndexOf('/')));
  }

  /** In its cache a file is on this machine, and costs little. */
  private boolean isRemote(Location file) {
    return file.scheme().equals(Hub.SCHEME) && store.readsSideBySide(file);
  }

  private String words() {
    return "%s MiB of %s are read from the hub twice: %s %s looked at before they are merged%s"
        .formatted(
            (bytes + MEBIBYTE - 1) / MEBIBYTE,
            String.join(", ", models),
            tensors,
            tensors == 1 ? "tensor is" : "tensors are",
            helpsMemory
                ? ", and too large for a task with all their inputs. Raise task-memory, or fetch the models first: stockpot fetch"
                : ". Fetch the models first: stockpot fetch");
  }
}

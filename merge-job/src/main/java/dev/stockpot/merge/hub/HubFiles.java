package dev.stockpot.merge.hub;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoreRequests;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Files of models that were listed once: nobody is asked again what there is. */
abstract class HubFiles implements ObjectSource {
  private static final long serialVersionUID = 1;

  private final Snapshots snapshots;

  HubFiles(Snapshots snapshots) {
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
  }

  final Snapshots snapshots() {
    return snapshots;
  }

  @Override
  public final List<StoredObject> list(Location folder) throws IOException {
    return snapshots.list(folder);
  }

  @Override
  public final List<Location> folders(Location folder) throws IOException {
    return snapshots.folders(folder);
  }

  @Override
  public final Optional<StoredObject> find(Location object) {
    return snapshots.file(object).map(file -> file.at(object));
  }

  @Override
  public final boolean readsSideBySide(Location object) {
    return snapshots.cached(object).isEmpty();
  }

  @Override
  public final StoreRequests requests() {
    return RequestCounts.ofProcess();
  }
}

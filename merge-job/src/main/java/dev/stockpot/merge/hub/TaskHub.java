package dev.stockpot.merge.hub;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StaleAddressException;
import dev.stockpot.merge.storage.StoreRequests;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files of a hub, for tasks: they read from addresses that the driver asked for, and know of no
 * token. In the driver's own process they ask it.
 */
final class TaskHub extends HubFiles {
  private static final long serialVersionUID = 1;

  private final String name;
  private final URI endpoint;
  private final HashMap<Location, SignedLocation> addresses;

  /**
   * @param name of the driver's source
   * @param addresses of the files that tasks read
   */
  TaskHub(String name, URI endpoint, Snapshots snapshots, Map<Location, SignedLocation> addresses) {
    super(snapshots);
    this.name = name;
    this.endpoint = endpoint;
    this.addresses = new HashMap<>(addresses);
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    Optional<HubSource> driver = HubSource.here(name);
    if (driver.isPresent()) {
      return driver.get().open(object);
    }
    Optional<Location> cached = snapshots().cached(object.location());
    if (cached.isPresent()) {
      return HubSource.fromCache(object, cached.get());
    }
    if (find(object.location()).isEmpty()) {
      throw new NoSuchFileException(object.location().path());
    }
    Wire wire =
        new Wire(
            endpoint, Optional.empty(), RequestCounts.of(name), Wire.PATIENCE, Wire.Pause.REAL);
    return new HubReader(object, new Given(object.location()), wire);
  }

  /** The address that the driver gave: here nobody can ask for another. */
  private final class Given implements FileAddresses {
    private final Location file;

    Given(Location file) {
      this.file = file;
    }

    @Override
    public SignedLocation now() throws IOException {
      SignedLocation given = addresses.get(file);
      if (given == null) {
        throw new StaleAddressException(file);
      }
      return given;
    }

    @Override
    public SignedLocation insteadOf(SignedLocation refused) throws IOException {
      throw new StaleAddressException(file);
    }
  }

  @Override
  public StoreRequests takeRequests() {
    return HubSource.here(name)
        .map(HubSource::takeRequests)
        .orElseGet(() -> RequestCounts.of(name).take());
  }
}

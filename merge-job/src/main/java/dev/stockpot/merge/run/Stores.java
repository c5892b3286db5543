package dev.stockpot.merge.run;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.RoutingStore;
import dev.stockpot.merge.storage.hadoop.HadoopStore;
import dev.stockpot.merge.storage.local.LocalStore;
import java.util.Map;

/** All that a location can name: folders of this machine, and whatever Hadoop knows. */
final class Stores {
  private Stores() {}

  /**
   * Loads nothing of Hadoop before a location needs it.
   *
   * @param ofSession entries of Hadoop's configuration that a session has, by name
   */
  static ObjectStore all(Map<String, String> ofSession) {
    return RoutingStore.to(HadoopStore.ofThisProcess(ofSession))
        .withStore(Location.FILE, new LocalStore());
  }
}

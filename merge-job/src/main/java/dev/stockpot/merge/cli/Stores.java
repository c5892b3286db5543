package dev.stockpot.merge.cli;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.RoutingStore;
import dev.stockpot.merge.storage.hadoop.HadoopStore;
import dev.stockpot.merge.storage.local.LocalStore;

/** All that a location can name: folders of this machine, and whatever Hadoop knows. */
final class Stores {
  private Stores() {}

  /** Loads nothing of Hadoop before a location needs it. */
  static ObjectStore all() {
    return RoutingStore.to(HadoopStore.ofThisProcess()).withStore(Location.FILE, new LocalStore());
  }
}

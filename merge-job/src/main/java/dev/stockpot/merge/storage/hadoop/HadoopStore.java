package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoreRequests;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Objects of a Hadoop file system: {@code s3a://bucket/key}, {@code hdfs://…}. Making one touches
 * no class of Hadoop, so that it costs nothing where it is not needed.
 *
 * <p>Hadoop's configuration comes from {@code core-site.xml} on the class path or in {@code
 * HADOOP_CONF_DIR}, and above it from the entries given here, which travel to the executors.
 * Credentials come from S3A's provider chain: the environment, an instance's role, a profile. A
 * secret travels only if it was set as {@code spark.hadoop.fs.s3a.secret.key}, in the way of
 * Spark's own jobs.
 */
public final class HadoopStore implements ObjectStore {
  private static final long serialVersionUID = 1;
  private static final String SPARK_PREFIX = "spark.hadoop.";
  private static final String NO_MERGE = "";

  private final HashMap<String, String> entries;
  private final String merge;

  /**
   * A store.
   *
   * @param entries of Hadoop's configuration, over those of its files
   */
  public HadoopStore(Map<String, String> entries) {
    this(entries, NO_MERGE);
  }

  private HadoopStore(Map<String, String> entries, String merge) {
    this.entries = new HashMap<>(entries);
    this.merge = merge;
  }

  /** Has file systems of its own, because they are what counts requests. */
  @Override
  public ObjectStore forMerge(String name) {
    return new HadoopStore(entries, name);
  }

  private Connections.Owner owner() {
    return new Connections.Owner(entries, merge);
  }

  /**
   * The store for what this JVM was given as {@code spark.hadoop.…}.
   *
   * @param ofSession what a session in it was given beside or above that, by name without prefix
   */
  public static HadoopStore ofThisProcess(Map<String, String> ofSession) {
    Map<String, String> entries = new HashMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(SPARK_PREFIX)) {
        entries.put(name.substring(SPARK_PREFIX.length()), System.getProperty(name));
      }
    }
    entries.putAll(ofSession);
    return new HadoopStore(entries);
  }

  private HadoopFolder at(Location location) throws IOException {
    return HadoopFolder.of(Connections.of(owner()), location);
  }

  @Override
  public List<StoredObject> list(Location folder) throws IOException {
    return at(folder).list();
  }

  @Override
  public List<Location> folders(Location folder) throws IOException {
    return at(folder).folders();
  }

  @Override
  public Set<String> tree(Location folder, int most) throws IOException {
    return at(folder).tree(most).keySet();
  }

  @Override
  public Optional<StoredObject> find(Location object) throws IOException {
    return at(object).find();
  }

  /** Asks the store for nothing yet where objects have entity tags: reads find out. */
  @Override
  public RangeReader open(StoredObject object) throws IOException {
    return at(object.location()).open(object);
  }

  /** Each waits for the network. */
  @Override
  public boolean readsSideBySide(Location object) {
    return true;
  }

  /**
   * Claims an output folder by a lock object beside it. Parts and small objects are uploaded at
   * once, and become visible in {@link PendingFolder#publish}: object after object, because S3 has
   * no step that shows many together. The last one that was put is shown last. Whoever waits for
   * that one sees a whole folder.
   *
   * <p>What may be replaced is, or is deleted at the end; whatever else appears meanwhile stays.
   */
  @Override
  public PendingFolder create(Location folder, Replaceable replaceable) throws IOException {
    return HadoopPendingFolder.claim(at(folder), replaceable);
  }

  @Override
  public PendingFolder resume(Location folder, Replaceable replaceable) throws IOException {
    return HadoopPendingFolder.resume(at(folder), replaceable);
  }

  @Override
  public List<Location> unfinished(Location folder) throws IOException {
    return at(folder).unfinished();
  }

  @Override
  public void remove(Location folder, Replaceable doomed) throws IOException {
    at(folder).delete(doomed);
  }

  @Override
  public PartSink open(PartTicket ticket, BufferAllocator memory) throws IOException {
    return new HadoopPartSink(at(ticket.target()), ticket, memory);
  }

  @Override
  public Use use() {
    return Connections.use(owner());
  }

  @Override
  public StoreRequests requests() {
    return Connections.requestsOfAll();
  }

  @Override
  public StoreRequests takeRequests() {
    return Connections.of(owner()).takeRequests();
  }

  /** Whether they are one store, which counts once. */
  @Override
  public boolean equals(Object other) {
    return other instanceof HadoopStore store
        && entries.equals(store.entries)
        && merge.equals(store.merge);
  }

  @Override
  public int hashCode() {
    return entries.hashCode() * 31 + merge.hashCode();
  }
}

package dev.stockpot.merge.storage;

import static java.util.stream.Collectors.toSet;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Objects in memory, for tests, with a count of requests. A copy that was serialized, as Spark does
 * it, sees the same objects: they belong to the process, not to the store.
 */
public final class MemoryStore implements ObjectStore, Serializable {
  private static final Map<String, MemoryContent> STORES = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();

  /** What can be asked of a store. */
  public enum Request {
    LIST,
    FIND,
    OPEN,
    READ,
    START_UPLOAD,
    OPEN_PART,
    FINISH_PART,
    COMPLETE,
    PUT,
    PUBLISH
  }

  MemoryContent content() {
    return STORES.computeIfAbsent(id, newStore -> new MemoryContent());
  }

  /** Puts an object there, at once visible. */
  public void write(Location object, byte[] bytes) {
    MemoryContent content = content();
    synchronized (content) {
      content.objects.put(
          object.path(), new MemoryContent.Held(bytes.clone(), MemoryContent.version(content)));
    }
  }

  /** Takes an object away. */
  public void delete(Location object) {
    MemoryContent content = content();
    synchronized (content) {
      content.objects.remove(object.path());
    }
  }

  /** All bytes of an object. */
  public byte[] bytes(Location object) throws IOException {
    MemoryContent content = content();
    synchronized (content) {
      return MemoryContent.held(content, object).bytes.clone();
    }
  }

  /** How often that was asked. */
  public long count(Request request) {
    AtomicLong count = content().counts.get(request);
    return count == null ? 0 : count.get();
  }

  /** Bytes of all reads together. */
  public long bytesRead() {
    MemoryContent content = content();
    synchronized (content) {
      return content.bytesRead;
    }
  }

  /** Uploads that were neither published nor discarded: what an object store would bill. */
  public int openUploads() {
    MemoryContent content = content();
    synchronized (content) {
      return content.uploads.size() + content.finished.size();
    }
  }

  void counted(Request request) {
    content().counts.computeIfAbsent(request, first -> new AtomicLong()).incrementAndGet();
  }

  @Override
  public List<StoredObject> list(Location folder) throws IOException {
    counted(Request.LIST);
    MemoryContent content = content();
    synchronized (content) {
      Map<String, MemoryContent.Held> below = MemoryContent.below(content, folder);
      if (below.isEmpty()) {
        throw new NoSuchFileException(folder.path());
      }
      List<StoredObject> objects = new ArrayList<>();
      below.forEach(
          (path, held) -> {
            if (path.indexOf('/', folder.path().length() + 1) < 0) {
              objects.add(MemoryContent.stored(new Location(path), held));
            }
          });
      return objects;
    }
  }

  @Override
  public List<Location> folders(Location folder) throws IOException {
    counted(Request.LIST);
    MemoryContent content = content();
    synchronized (content) {
      Map<String, MemoryContent.Held> below = MemoryContent.below(content, folder);
      if (below.isEmpty()) {
        throw new NoSuchFileException(folder.path());
      }
      int begin = folder.path().length() + 1;
      return below.keySet().stream()
          .filter(path -> path.indexOf('/', begin) > 0)
          .map(path -> folder.child(path.substring(begin, path.indexOf('/', begin))))
          .distinct()
          .toList();
    }
  }

  @Override
  public Set<String> tree(Location folder, int most) {
    counted(Request.LIST);
    MemoryContent content = content();
    synchronized (content) {
      int begin = folder.path().length() + 1;
      return MemoryContent.below(content, folder).keySet().stream()
          .map(path -> path.substring(begin))
          .limit(most)
          .collect(toSet());
    }
  }

  @Override
  public Optional<StoredObject> find(Location object) {
    counted(Request.FIND);
    MemoryContent content = content();
    synchronized (content) {
      return Optional.ofNullable(content.objects.get(object.path()))
          .map(held -> MemoryContent.stored(object, held));
    }
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    counted(Request.OPEN);
    MemoryContent content = content();
    synchronized (content) {
      MemoryContent.Held held = MemoryContent.held(content, object.location());
      StoredObject now = MemoryContent.stored(object.location(), held);
      if (!now.equals(object)) {
        throw new ObjectChangedException(object, now);
      }
      return new Reader(object.location(), held.bytes);
    }
  }

  @Override
  public boolean readsSideBySide(Location object) {
    return false;
  }

  @Override
  public PendingFolder create(Location folder, Replaceable replaceable) throws IOException {
    return claim(folder, replaceable, false);
  }

  @Override
  public PendingFolder resume(Location folder, Replaceable replaceable) throws IOException {
    return claim(folder, replaceable, true);
  }

  private PendingFolder claim(Location folder, Replaceable replaceable, boolean resume)
      throws IOException {
    MemoryContent content = content();
    synchronized (content) {
      if (content.objects.containsKey(folder.path())) {
        throw new OutputOccupiedException("%s is a file. Name another".formatted(folder));
      }
      replaceable.requireNothingElse(folder, tree(folder, replaceable.enough()));
      boolean isTaken = content.claims.containsKey(folder.path());
      if (isTaken && !resume) {
        throw new OutputOccupiedException(
            "Another merge is writing %s. Wait until it is done".formatted(folder));
      }
      MemoryFolder pending = new MemoryFolder(this, folder, replaceable, isTaken);
      content.claims.put(folder.path(), pending);
      return pending;
    }
  }

  @Override
  public List<Location> unfinished(Location folder) {
    MemoryContent content = content();
    synchronized (content) {
      return content.claims.keySet().stream()
          .map(Location::new)
          .filter(claimed -> claimed.equals(folder.child(claimed.name())))
          .toList();
    }
  }

  @Override
  public void remove(Location folder, Replaceable doomed) {
    tree(folder, Integer.MAX_VALUE).stream()
        .filter(doomed.entries()::contains)
        .forEach(name -> delete(folder.descendant(name)));
  }

  @Override
  public PartSink open(PartTicket ticket, BufferAllocator memory) {
    counted(Request.OPEN_PART);
    return new Sink(ticket);
  }

  private final class Reader implements RangeReader {
    private final Location location;
    private final byte[] bytes;

    Reader(Location location, byte[] bytes) {
      this.location = location;
      this.bytes = bytes;
    }

    @Override
    public void read(long position, ByteBuffer into) throws IOException {
      counted(Request.READ);
      if (position + into.remaining() > bytes.length) {
        throw new EOFException("%s ends at byte %s".formatted(location, bytes.length));
      }
      MemoryContent content = content();
      synchronized (content) {
        content.bytesRead += into.remaining();
      }
      into.put(bytes, (int) position, into.remaining());
    }

    @Override
    public void close() {}
  }

  private final class Sink implements PartSink {
    private final PartTicket ticket;
    private final ByteBuffer part;

    Sink(PartTicket ticket) {
      this.ticket = ticket;
      this.part = ByteBuffer.allocate((int) ticket.range().length());
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      ticket.requireRoom(part.position(), bytes.remaining());
      part.put(bytes);
    }

    @Override
    public PartReceipt finish() throws IOException {
      ticket.requireWhole(part.position());
      counted(Request.FINISH_PART);
      MemoryContent content = content();
      synchronized (content) {
        byte[] whole = content.uploads.get(ticket.upload());
        if (whole == null) {
          throw new NoSuchFileException(ticket.upload());
        }
        part.flip().get(whole, (int) ticket.range().begin(), part.limit());
      }
      return new PartReceipt(ticket, "part " + ticket.number());
    }

    @Override
    public void close() {}
  }
}

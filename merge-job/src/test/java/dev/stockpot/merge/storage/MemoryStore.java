package dev.stockpot.merge.storage;

import static java.util.stream.Collectors.toSet;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Objects in memory, for tests, with a count of requests. A copy that was serialized, as Spark does
 * it, sees the same objects: they belong to the process, not to the store.
 */
public final class MemoryStore implements ObjectStore, Serializable {
  private static final Map<String, Content> STORES = new ConcurrentHashMap<>();

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

  private static final class Held {
    final byte[] bytes;
    final String version;

    Held(byte[] bytes, String version) {
      this.bytes = bytes;
      this.version = version;
    }
  }

  private static final class Content {
    final NavigableMap<String, Held> objects = new TreeMap<>();
    final Map<String, byte[]> uploads = new HashMap<>();
    final Map<String, byte[]> finished = new HashMap<>();
    final Map<String, Object> claims = new TreeMap<>();
    final Map<String, Map<String, byte[]>> journals = new HashMap<>();
    final Map<Request, AtomicLong> counts = new ConcurrentHashMap<>();
    long changes;
    long bytesRead;
  }

  private Content content() {
    return STORES.computeIfAbsent(id, newStore -> new Content());
  }

  /** Puts an object there, at once visible. */
  public void write(Location object, byte[] bytes) {
    Content content = content();
    synchronized (content) {
      content.objects.put(object.path(), new Held(bytes.clone(), version(content)));
    }
  }

  /** Takes an object away. */
  public void delete(Location object) {
    Content content = content();
    synchronized (content) {
      content.objects.remove(object.path());
    }
  }

  /** All bytes of an object. */
  public byte[] bytes(Location object) throws IOException {
    Content content = content();
    synchronized (content) {
      return held(content, object).bytes.clone();
    }
  }

  /** How often that was asked. */
  public long count(Request request) {
    AtomicLong count = content().counts.get(request);
    return count == null ? 0 : count.get();
  }

  /** Bytes of all reads together. */
  public long bytesRead() {
    Content content = content();
    synchronized (content) {
      return content.bytesRead;
    }
  }

  /** Uploads that were neither published nor discarded: what an object store would bill. */
  public int openUploads() {
    Content content = content();
    synchronized (content) {
      return content.uploads.size() + content.finished.size();
    }
  }

  private void counted(Request request) {
    content().counts.computeIfAbsent(request, first -> new AtomicLong()).incrementAndGet();
  }

  private static String version(Content content) {
    content.changes++;
    return "change:" + content.changes;
  }

  private static Held held(Content content, Location object) throws NoSuchFileException {
    Held held = content.objects.get(object.path());
    if (held == null) {
      throw new NoSuchFileException(object.path());
    }
    return held;
  }

  private static NavigableMap<String, Held> below(Content content, Location folder) {
    String first = folder.path() + "/";
    return content.objects.subMap(first, true, first + Character.MAX_VALUE, true);
  }

  private static StoredObject stored(Location location, Held held) {
    return new StoredObject(location, held.bytes.length, held.version);
  }

  @Override
  public List<StoredObject> list(Location folder) throws IOException {
    counted(Request.LIST);
    Content content = content();
    synchronized (content) {
      Map<String, Held> below = below(content, folder);
      if (below.isEmpty()) {
        throw new NoSuchFileException(folder.path());
      }
      List<StoredObject> objects = new ArrayList<>();
      below.forEach(
          (path, held) -> {
            if (path.indexOf('/', folder.path().length() + 1) < 0) {
              objects.add(stored(new Location(path), held));
            }
          });
      return objects;
    }
  }

  @Override
  public List<Location> folders(Location folder) throws IOException {
    counted(Request.LIST);
    Content content = content();
    synchronized (content) {
      Map<String, Held> below = below(content, folder);
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
    Content content = content();
    synchronized (content) {
      int begin = folder.path().length() + 1;
      return below(content, folder).keySet().stream()
          .map(path -> path.substring(begin))
          .limit(most)
          .collect(toSet());
    }
  }

  @Override
  public Optional<StoredObject> find(Location object) {
    counted(Request.FIND);
    Content content = content();
    synchronized (content) {
      return Optional.ofNullable(content.objects.get(object.path()))
          .map(held -> stored(object, held));
    }
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    counted(Request.OPEN);
    Content content = content();
    synchronized (content) {
      Held held = held(content, object.location());
      StoredObject now = stored(object.location(), held);
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
    Content content = content();
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
      Pending pending = new Pending(folder, replaceable, isTaken);
      content.claims.put(folder.path(), pending);
      return pending;
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
      Content content = content();
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
      Content content = content();
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

  private final class Pending implements PendingFolder {
    private final Location folder;
    private final Replaceable replaceable;
    private final Map<String, byte[]> complete = new TreeMap<>();
    private final Set<String> unfinished = new TreeSet<>();
    private final Set<String> finished = new TreeSet<>();
    private final boolean isResumed;
    private boolean isOpen = true;

    Pending(Location folder, Replaceable replaceable, boolean isResumed) {
      this.folder = folder;
      this.replaceable = replaceable;
      this.isResumed = isResumed;
    }

    @Override
    public Optional<String> predecessor() {
      return isResumed ? Optional.of("the merge before") : Optional.empty();
    }

    @Override
    public Optional<String> successor() {
      Object holder = content().claims.get(folder.path());
      return holder == this ? Optional.empty() : Optional.of("the next merge");
    }

    @Override
    public Map<String, ByteBuffer> journal() {
      Map<String, ByteBuffer> entries = new TreeMap<>();
      content()
          .journals
          .getOrDefault(folder.path(), Map.of())
          .forEach((name, bytes) -> entries.put(name, ByteBuffer.wrap(bytes.clone())));
      return entries;
    }

    @Override
    public void note(String name, ByteBuffer entry) throws IOException {
      requireOurs();
      byte[] copy = new byte[entry.remaining()];
      entry.get(copy);
      content().journals.computeIfAbsent(folder.path(), any -> new TreeMap<>()).put(name, copy);
    }

    private void requireOurs() throws OutputOccupiedException {
      if (successor().isPresent()) {
        throw new OutputOccupiedException("%s was taken over".formatted(folder));
      }
    }

    @Override
    public Optional<Upload> continueUpload(String name, long size, String id) {
      synchronized (content()) {
        unfinished.add(id);
      }
      return Optional.of(new MemoryUpload(folder.descendant(name), id, size));
    }

    @Override
    public boolean keep() {
      Content content = content();
      synchronized (content) {
        isOpen = false;
        unfinished.forEach(content.uploads::remove);
      }
      return true;
    }

    @Override
    public Upload startUpload(String name, long size) {
      counted(Request.START_UPLOAD);
      Location object = folder.descendant(name);
      String upload = UUID.randomUUID().toString();
      Content content = content();
      synchronized (content) {
        requireOpen();
        content.uploads.put(upload, new byte[Math.toIntExact(size)]);
        unfinished.add(upload);
      }
      return new MemoryUpload(object, upload, size);
    }

    @Override
    public void put(String name, ByteBuffer bytes) {
      counted(Request.PUT);
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      synchronized (content()) {
        requireOpen();
        complete.put(folder.descendant(name).path(), copy);
      }
    }

    @Override
    public void publish() throws IOException {
      counted(Request.PUBLISH);
      requireOurs();
      Content content = content();
      synchronized (content) {
        requireOpen();
        if (!unfinished.isEmpty()) {
          throw new IllegalStateException("%s lacks parts".formatted(folder));
        }
        requireNoneOfOurNames();
        Set<String> doomed = tree(folder, Integer.MAX_VALUE);
        doomed.removeAll(replaceable.foreign(doomed));
        doomed.forEach(name -> content.objects.remove(folder.descendant(name).path()));
        complete.forEach(
            (path, bytes) -> content.objects.put(path, new Held(bytes, version(content))));
        forget(content);
      }
    }

    private void requireNoneOfOurNames() throws OutputOccupiedException {
      List<String> blocking =
          replaceable.foreign(tree(folder, Integer.MAX_VALUE)).stream()
              .filter(name -> complete.containsKey(folder.descendant(name).path()))
              .toList();
      if (!blocking.isEmpty()) {
        throw new OutputOccupiedException(
            "%s holds %s, since this merge began"
                .formatted(folder, Replaceable.described(blocking)));
      }
    }

    private void forget(Content content) {
      isOpen = false;
      unfinished.forEach(content.uploads::remove);
      unfinished.forEach(content.finished::remove); // another merge had finished it
      finished.forEach(content.finished::remove);
      content.journals.remove(folder.path());
      content.claims.remove(folder.path());
    }

    private void requireOpen() {
      if (!isOpen) {
        throw new IllegalStateException("%s is published or discarded".formatted(folder));
      }
    }

    @Override
    public void close() {
      Content content = content();
      synchronized (content) {
        if (isOpen && successor().isEmpty()) {
          forget(content);
        }
        isOpen = false;
      }
    }

    private final class MemoryUpload implements Upload {
      private final Location object;
      private final String upload;
      private final long size;

      MemoryUpload(Location object, String upload, long size) {
        this.object = object;
        this.upload = upload;
        this.size = size;
      }

      @Override
      public PartTicket ticket(int number, ByteRange range) {
        if (range.end() > size) {
          throw new IllegalArgumentException("%s has %s bytes".formatted(object, size));
        }
        return new PartTicket(object, upload, number, range);
      }

      @Override
      public void complete(List<PartReceipt> receipts) throws IOException {
        counted(Request.COMPLETE);
        PartReceipt.requireWhole(upload, size, receipts);
        Content content = content();
        synchronized (content) {
          requireOpen();
          byte[] whole = content.uploads.remove(upload);
          if (whole != null) {
            content.finished.put(upload, whole);
          }
          complete.put(object.path(), content.finished.get(upload));
          unfinished.remove(upload);
          finished.add(upload);
        }
      }

      @Override
      public String id() {
        return upload;
      }

      @Override
      public void abort() {
        synchronized (content()) {
          content().uploads.remove(upload);
          content().finished.remove(upload);
          unfinished.remove(upload);
        }
      }
    }
  }
}

package dev.stockpot.merge.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** A folder that is written to a {@link MemoryStore}, unseen until it is published. */
final class MemoryFolder implements PendingFolder {
  private final MemoryStore store;
  private final Location folder;
  private final Replaceable replaceable;
  private final Map<String, byte[]> complete = new TreeMap<>();
  private final Set<String> unfinished = new TreeSet<>();
  private final Set<String> finished = new TreeSet<>();
  private final boolean isResumed;
  private boolean isOpen = true;

  MemoryFolder(MemoryStore store, Location folder, Replaceable replaceable, boolean isResumed) {
    this.store = store;
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
    Object holder = store.content().claims.get(folder.path());
    return holder == this ? Optional.empty() : Optional.of("the next merge");
  }

  @Override
  public Map<String, ByteBuffer> journal() {
    Map<String, ByteBuffer> entries = new TreeMap<>();
    store
        .content()
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
    store.content().journals.computeIfAbsent(folder.path(), any -> new TreeMap<>()).put(name, copy);
  }

  @Override
  public void requireOurs() throws OutputOccupiedException {
    if (successor().isPresent()) {
      throw new OutputOccupiedException("%s was taken over".formatted(folder));
    }
  }

  @Override
  public Optional<Upload> continueUpload(String name, long size, String id) {
    synchronized (store.content()) {
      unfinished.add(id);
    }
    return Optional.of(new MemoryUpload(folder.descendant(name), id, size));
  }

  @Override
  public boolean keep() {
    MemoryContent content = store.content();
    synchronized (content) {
      isOpen = false;
      unfinished.forEach(content.uploads::remove);
    }
    return true;
  }

  @Override
  public Upload startUpload(String name, long size) {
    store.counted(MemoryStore.Request.START_UPLOAD);
    Location object = folder.descendant(name);
    String upload = UUID.randomUUID().toString();
    MemoryContent content = store.content();
    synchronized (content) {
      requireOpen();
      content.uploads.put(upload, new byte[Math.toIntExact(size)]);
      unfinished.add(upload);
    }
    return new MemoryUpload(object, upload, size);
  }

  @Override
  public void put(String name, ByteBuffer bytes) {
    store.counted(MemoryStore.Request.PUT);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    synchronized (store.content()) {
      requireOpen();
      complete.put(folder.descendant(name).path(), copy);
    }
  }

  @Override
  public void publish() throws IOException {
    store.counted(MemoryStore.Request.PUBLISH);
    requireOurs();
    MemoryContent content = store.content();
    synchronized (content) {
      requireOpen();
      if (!unfinished.isEmpty()) {
        throw new IllegalStateException("%s lacks parts".formatted(folder));
      }
      requireNoneOfOurNames();
      Set<String> doomed = store.tree(folder, Integer.MAX_VALUE);
      doomed.removeAll(replaceable.foreign(doomed));
      doomed.forEach(name -> content.objects.remove(folder.descendant(name).path()));
      complete.forEach(
          (path, bytes) ->
              content.objects.put(
                  path, new MemoryContent.Held(bytes, MemoryContent.version(content))));
      forget(content);
    }
  }

  private void requireNoneOfOurNames() throws OutputOccupiedException {
    List<String> blocking =
        replaceable.foreign(store.tree(folder, Integer.MAX_VALUE)).stream()
            .filter(name -> complete.containsKey(folder.descendant(name).path()))
            .toList();
    if (!blocking.isEmpty()) {
      throw new OutputOccupiedException(
          "%s holds %s, since this merge began".formatted(folder, Replaceable.described(blocking)));
    }
  }

  private void forget(MemoryContent content) {
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
    MemoryContent content = store.content();
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
      store.counted(MemoryStore.Request.COMPLETE);
      PartReceipt.requireWhole(upload, size, receipts);
      MemoryContent content = store.content();
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
      synchronized (store.content()) {
        store.content().uploads.remove(upload);
        store.content().finished.remove(upload);
        unfinished.remove(upload);
      }
    }
  }
}

package dev.stockpot.merge.run;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Small files that stages make beside their tensors, such as tokenizers, for the merges that take
 * these stages as models. Nobody stores them; who plans reads them, and no task does.
 */
final class StageFiles implements ObjectSource {
  static final String SCHEME = "stage";

  private static final long serialVersionUID = 1;

  private final transient Map<Location, ByteBuffer> contents = new ConcurrentHashMap<>();

  /** Keeps a file, whose content is part of its place: two stages may have the same name. */
  StoredObject keep(Companion file) {
    try {
      ByteBuffer content = file.content(this);
      String digest = Sha256.of(content);
      Location place =
          new Location("%s:/%s/%s".formatted(SCHEME, digest, file.name().replace('/', '-')));
      contents.put(place, content);
      return new StoredObject(place, content.remaining(), digest);
    } catch (IOException e) {
      throw new UncheckedIOException("%s is in memory".formatted(file.name()), e);
    }
  }

  /** Without any file: tasks read none. */
  private Object readResolve() {
    return new StageFiles();
  }

  @Override
  public List<StoredObject> list(Location folder) throws IOException {
    throw new NoSuchFileException(folder.path());
  }

  @Override
  public List<Location> folders(Location folder) throws IOException {
    throw new NoSuchFileException(folder.path());
  }

  @Override
  public Optional<StoredObject> find(Location object) {
    return Optional.ofNullable(contents.get(object))
        .map(content -> new StoredObject(object, content.remaining(), Sha256.of(content)));
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    ByteBuffer content = contents.get(object.location());
    if (content == null) {
      throw new NoSuchFileException(object.location().path());
    }
    return new RangeReader() {
      @Override
      public void read(long position, ByteBuffer into) throws IOException {
        if (position > content.remaining() - into.remaining()) {
          throw new EOFException("%s ends at %s".formatted(object, content.remaining()));
        }
        into.put(content.slice((int) position, into.remaining()));
      }

      @Override
      public void close() {
        // nothing is open
      }
    };
  }

  @Override
  public boolean readsSideBySide(Location object) {
    return false;
  }
}

package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileRange;
import org.apache.hadoop.fs.StreamCapabilities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads an object in as few requests as its reads allow.
 *
 * <pre>
 * a read within what was announced   one request for all that was announced; its answer stays open
 *                                    and is read on, while the connection fetches ahead
 * another one of 8 MiB or more       one request of its own, or several at once from 64 MiB on
 * another one                        one request, which reads a little ahead
 * </pre>
 */
final class HadoopReader implements RangeReader {
  private static final Logger LOG = LoggerFactory.getLogger(HadoopReader.class);

  private static final int LARGE_BYTES = 8 << 20;
  private static final int MOST_RANGE_BYTES = 32 << 20;
  private static final int COPY_BYTES = 256 << 10;
  private static final int ATTEMPTS = 4;

  /** A gap up to here is read over; a request takes about as long as a few hundred kilobytes. */
  private static final long READ_AHEAD_BYTES = 256 << 10;

  private final Location location;
  private final StoredObject object;
  private final FSDataInputStream in;
  private final boolean isS3;
  private final boolean takesBuffers;
  private List<ByteRange> announced = List.of();
  private byte[] copy;

  HadoopReader(HadoopFolder folder, StoredObject object, FSDataInputStream in) {
    this.location = folder.location();
    this.object = object;
    this.in = in;
    this.isS3 = folder.isS3();
    this.takesBuffers = in.hasCapability(StreamCapabilities.PREADBYTEBUFFER);
  }

  @Override
  public void announce(List<ByteRange> ranges) {
    announced = ByteRange.joined(ranges, READ_AHEAD_BYTES);
  }

  @Override
  public void read(long position, ByteBuffer into) throws IOException {
    object.requireWithin(position, into.remaining());
    for (int attempt = 1; into.hasRemaining(); attempt++) {
      try {
        fill(position, into.duplicate());
        into.position(into.limit());
      } catch (IOException e) {
        IOException explained = explained(e);
        if (attempt == ATTEMPTS || !isWorthAnotherTry(explained)) {
          throw explained;
        }
        LOG.warn("{}, byte {}: reading again after {}", location, position, e.toString());
        forgetAnswer();
      }
    }
  }

  private void fill(long position, ByteBuffer into) throws IOException {
    if (takesBuffers) {
      in.readFully(position, into);
      return;
    }
    long fetched = announcedFrom(position);
    boolean isLarge = into.isDirect() && into.remaining() >= LARGE_BYTES;
    if (isS3 && isLarge && fetched == 0) {
      readRanges(position, into);
    } else {
      readOn(position, into, fetched);
    }
  }

  /** How much of what was announced is left from there on. */
  private long announcedFrom(long position) {
    for (ByteRange range : announced) {
      if (range.begin() <= position && position < range.end()) {
        return range.end() - position;
      }
    }
    return 0;
  }

  private void readRanges(long position, ByteBuffer into) throws IOException {
    List<FileRange> ranges = new ArrayList<>();
    IOException failure = null;
    try {
      for (int begin = 0; begin < into.remaining(); begin += MOST_RANGE_BYTES) {
        int length = Math.min(MOST_RANGE_BYTES, into.remaining() - begin);
        ByteBuffer slice = into.slice(into.position() + begin, length);
        FileRange range = FileRange.createFileRange(position + begin, length);
        in.readVectored(List.of(range), size -> slice);
        ranges.add(range);
      }
    } catch (IOException e) {
      failure = e;
    }
    for (FileRange range : ranges) { // all of them: whoever is not done writes to our memory
      try {
        Waiting.untilOver(range.getData());
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void readOn(long position, ByteBuffer into, long fetched) throws IOException {
    if (isS3) {
      long skipped = position - in.getPos();
      if (skipped < 0 || skipped >= READ_AHEAD_BYTES) {
        dropAnswer();
      }
      in.setReadahead(Math.max(fetched, READ_AHEAD_BYTES)); // how much the next request is for
    }
    if (in.getPos() != position) {
      in.seek(position);
    }
    if (into.hasArray()) {
      in.readFully(into.array(), into.arrayOffset() + into.position(), into.remaining());
      return;
    }
    if (copy == null) {
      copy = new byte[COPY_BYTES];
    }
    while (into.hasRemaining()) {
      int count = Math.min(copy.length, into.remaining());
      in.readFully(copy, 0, count);
      into.put(copy, 0, count);
    }
  }

  private IOException explained(IOException failure) {
    if (isS3 && S3a.isOtherVersion(failure)) {
      ObjectChangedException changed =
          new ObjectChangedException(object, "now the store has another version");
      changed.initCause(failure);
      return changed;
    }
    return failure instanceof AccessDeniedException || failure instanceof FileNotFoundException
        ? HadoopFolder.explained(location, failure)
        : failure;
  }

  /** A connection that broke, or an answer that was too short. */
  private static boolean isWorthAnotherTry(IOException failure) {
    return !(failure instanceof ObjectChangedException
        || failure instanceof java.nio.file.FileSystemException
        || (failure instanceof InterruptedIOException
            && !(failure instanceof SocketTimeoutException)));
  }

  /** S3A may take the answer to a request that failed for one that begins where the object does. */
  private void forgetAnswer() throws IOException {
    if (isS3) {
      dropAnswer();
    }
  }

  /** What is left of a long answer is not read to its end: S3A does that up to its readahead. */
  private void dropAnswer() throws IOException {
    in.setReadahead(READ_AHEAD_BYTES);
    in.unbuffer();
  }

  @Override
  public void close() throws IOException {
    forgetAnswer();
    in.close();
  }
}

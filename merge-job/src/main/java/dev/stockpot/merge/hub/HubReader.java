package dev.stockpot.merge.hub;

import dev.stockpot.merge.hub.Wire.Answer;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StaleAddressException;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Reads a file in as few requests as its reads allow.
 *
 * <pre>
 * a read within what was announced   one request for all that was announced; its answer is read on
 * another one                        one request, which reads a little ahead
 * </pre>
 *
 * A request that fails is sent again from where the bytes ended.
 */
final class HubReader implements RangeReader {
  private static final int ATTEMPTS = 5;
  private static final int BAD = 400;
  private static final int UNAUTHORISED = 401;
  private static final int FORBIDDEN = 403;

  /** A gap up to here is read over: a request takes about as long as some hundred kilobytes. */
  private static final long READ_AHEAD_BYTES = 256 << 10;

  private final StoredObject object;
  private final FileAddresses addresses;
  private final Wire wire;
  private List<ByteRange> announced = List.of();
  private Optional<AnswerStream> open = Optional.empty();
  private long at;
  private long end;

  HubReader(StoredObject object, FileAddresses addresses, Wire wire) {
    this.object = object;
    this.addresses = addresses;
    this.wire = wire;
  }

  @Override
  public void announce(List<ByteRange> ranges) {
    announced = ByteRange.joined(ranges, READ_AHEAD_BYTES);
  }

  @Override
  public void read(long position, ByteBuffer into) throws IOException {
    object.requireWithin(position, into.remaining());
    int first = into.position();
    int failures = 0;
    while (into.hasRemaining()) {
      int before = into.position();
      long from = position + before - first;
      try {
        stream(from, into.remaining()).read(into);
        at = from + into.position() - before;
      } catch (InterruptedIOException
          | HubException
          | ObjectChangedException
          | StaleAddressException e) {
        drop();
        throw e;
      } catch (IOException e) {
        drop();
        failures = into.position() > before ? 1 : failures + 1; // as long as it goes on, it may
        again(from, failures, e);
      }
    }
  }

  private void again(long from, int failures, IOException e) throws IOException {
    if (failures == ATTEMPTS) {
      throw new HubException(
          "%s, byte %s: %s, also when asked again. Merge again once the network is better, or fetch the model first: stockpot fetch"
              .formatted(object.location(), from, e.getMessage()),
          e);
    }
    HubLog.readingAgain(object, from, e);
    wire.counts().retried();
    wire.rest(Wire.pauseAfter(failures));
  }

  /** An answer that goes on at that byte. */
  private AnswerStream stream(long position, int wanted) throws IOException {
    long gap = position - at;
    if (open.isPresent() && gap >= 0 && gap < READ_AHEAD_BYTES && position + wanted <= end) {
      open.get().skip(gap);
      at = position;
      return open.get();
    }
    drop();
    at = position;
    end = Math.min(object.size(), position + Math.max(wanted, ahead(position)));
    open = Optional.of(ask(new ByteRange(position, end)));
    return open.get();
  }

  /** How much of what was announced is left from there on; else a little. */
  private long ahead(long position) {
    for (ByteRange range : announced) {
      if (range.begin() <= position && position < range.end()) {
        return range.end() - position;
      }
    }
    return READ_AHEAD_BYTES;
  }

  private AnswerStream ask(ByteRange range) throws IOException {
    SignedLocation location = addresses.now();
    Answer answer = wire.send("GET", location.uri(), header(range));
    if (isRefused(answer)) {
      answer.body().close();
      location = addresses.insteadOf(location);
      answer = wire.send("GET", location.uri(), header(range));
    }
    boolean isTaken = false;
    try {
      ContentRange.require(answer, object, range);
      isTaken = true;
      return answer.body();
    } finally {
      if (!isTaken) {
        answer.body().close();
      }
    }
  }

  private static String header(ByteRange range) {
    return "bytes=%s-%s".formatted(range.begin(), range.end() - 1);
  }

  /** As a location is that has run out: some say that the request is bad. */
  private static boolean isRefused(Answer answer) {
    return answer.status() == FORBIDDEN
        || answer.status() == UNAUTHORISED
        || answer.status() == BAD;
  }

  private void drop() {
    open.ifPresent(AnswerStream::close);
    open = Optional.empty();
  }

  @Override
  public void close() {
    drop();
  }
}

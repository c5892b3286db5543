package dev.stockpot.merge.model;

import dev.stockpot.merge.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Where each row of a tensor comes from: a row of one of several sources, or from nowhere. Rows
 * that follow each other on both sides are one run, of which there are usually one to three; a
 * vocabulary of another family makes as many as it has tokens, so they are kept in arrays.
 */
public final class RowMap implements Serializable {
  private static final long serialVersionUID = 1;

  /** The place of no source: such rows are zero. */
  public static final int NOWHERE = -1;

  private final int[] firsts;
  private final int[] sources;
  private final int[] rows;
  private final int count;

  /**
   * Rows that follow each other.
   *
   * @param first of them
   * @param source its place among the sources, or {@link #NOWHERE}
   * @param row of the source that the first one is
   */
  public record Run(int first, int count, int source, int row) {
    /** The row behind the last one. */
    public int end() {
      return first + count;
    }
  }

  private RowMap(int[] firsts, int[] sources, int[] rows, int count) {
    this.firsts = firsts;
    this.sources = sources;
    this.rows = rows;
    this.count = count;
  }

  /** Gathers rows in their order. */
  public static final class Builder {
    private int[] firsts = new int[4];
    private int[] sources = new int[4];
    private int[] rows = new int[4];
    private int runs;
    private int count;

    /** Adds the next row. */
    public Builder add(int source, int row) {
      return add(source, row, 1);
    }

    /** Adds rows that are zero. */
    public Builder addZeros(int more) {
      return add(NOWHERE, 0, more);
    }

    /** Adds rows that follow each other in a source. */
    public Builder add(int source, int row, int more) {
      if (source < NOWHERE || row < 0 || more < 0) {
        throw new IllegalArgumentException(
            "%s rows from %s of source %s".formatted(more, row, source));
      }
      if (more > 0 && !isContinuedBy(source, row)) {
        begin(source, source == NOWHERE ? 0 : row);
      }
      count = Math.addExact(count, more);
      return this;
    }

    private boolean isContinuedBy(int source, int row) {
      int last = runs - 1;
      return runs > 0
          && sources[last] == source
          && (source == NOWHERE || rows[last] + (count - firsts[last]) == row);
    }

    private void begin(int source, int row) {
      if (runs == firsts.length) {
        firsts = Arrays.copyOf(firsts, 2 * runs);
        sources = Arrays.copyOf(sources, 2 * runs);
        rows = Arrays.copyOf(rows, 2 * runs);
      }
      firsts[runs] = count;
      sources[runs] = source;
      rows[runs++] = row;
    }

    /** The map of all rows added. */
    public RowMap build() {
      return new RowMap(
          Arrays.copyOf(firsts, runs),
          Arrays.copyOf(sources, runs),
          Arrays.copyOf(rows, runs),
          count);
    }
  }

  /** How many rows there are. */
  public int rows() {
    return count;
  }

  /** How many runs they are. */
  public int runs() {
    return firsts.length;
  }

  /** Whether each row is the one of the first source in the same place. */
  public boolean keepsPlaces() {
    return runs() == 0 || (runs() == 1 && sources[0] == 0 && rows[0] == 0);
  }

  /** The highest place of a source that is named; {@link #NOWHERE} if none is. */
  int lastSource() {
    return Arrays.stream(sources).max().orElse(NOWHERE);
  }

  /** The runs of some of the rows, cut where these begin and end. */
  public List<Run> runs(long first, long end) {
    List<Run> cut = new ArrayList<>();
    if (end <= first) {
      return cut;
    }
    int at = Arrays.binarySearch(firsts, Math.toIntExact(first));
    for (int run = at >= 0 ? at : -at - 2; run < runs() && firsts[run] < end; run++) {
      int begin = Math.max(firsts[run], (int) first);
      int behind = Math.min(run + 1 < runs() ? firsts[run + 1] : count, Math.toIntExact(end));
      int row = sources[run] == NOWHERE ? 0 : rows[run] + (begin - firsts[run]);
      cut.add(new Run(begin, behind - begin, sources[run], row));
    }
    return cut;
  }

  /** What distinguishes it from every other. */
  String digest() {
    return Sha256.of(ByteBuffer.wrap(packed()));
  }

  /** A few bytes a run: it goes to every task that has some of the rows. */
  private byte[] packed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
      out.writeInt(count);
      out.writeInt(runs());
      for (int[] values : List.of(firsts, sources, rows)) {
        int before = 0;
        for (int value : values) { // neighbours differ by little, and equal bytes are packed well
          out.writeInt(value - before);
          before = value;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static RowMap unpacked(byte[] packed) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(packed)))) {
      int count = in.readInt();
      int[][] all = new int[3][in.readInt()];
      for (int[] values : all) {
        int before = 0;
        for (int i = 0; i < values.length; i++) {
          before += in.readInt();
          values[i] = before;
        }
      }
      return new RowMap(all[0], all[1], all[2], count);
    }
  }

  /** What is sent instead. */
  private static final class Packed implements Serializable {
    private static final long serialVersionUID = 1;

    private final byte[] bytes;

    private Packed(byte[] bytes) {
      this.bytes = bytes;
    }

    private Object readResolve() throws ObjectStreamException {
      try {
        return unpacked(bytes);
      } catch (IOException e) {
        InvalidObjectException broken = new InvalidObjectException("no map of rows");
        broken.initCause(e);
        throw broken;
      }
    }
  }

  private Object writeReplace() {
    return new Packed(packed());
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("it is sent packed");
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof RowMap map
            && count == map.count
            && Arrays.equals(firsts, map.firsts)
            && Arrays.equals(sources, map.sources)
            && Arrays.equals(rows, map.rows));
  }

  @Override
  public int hashCode() {
    return 31 * count + Arrays.hashCode(rows);
  }

  @Override
  public String toString() {
    return "%s rows in %s runs".formatted(count, runs());
  }
}

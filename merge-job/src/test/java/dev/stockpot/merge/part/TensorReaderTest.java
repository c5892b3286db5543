package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How pieces of tensors come into buffers. */
class TensorReaderTest {
  private final PartBench bench = new PartBench(1 << 16);
  private final Announced source = new Announced(bench);
  private final Stopwatch watch = new Stopwatch();

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  /** A source that remembers what was announced, and which readers are open. */
  private static final class Announced implements ObjectSource {
    private static final long serialVersionUID = 1;

    private final transient PartBench bench;
    private final transient Map<String, List<ByteRange>> announced = new HashMap<>();
    private transient int opened;
    private transient int closed;

    Announced(PartBench bench) {
      this.bench = bench;
    }

    @Override
    public RangeReader open(StoredObject object) throws IOException {
      RangeReader reader = bench.store().open(object);
      opened++;
      return new RangeReader() {
        @Override
        public void announce(List<ByteRange> ranges) {
          announced.put(object.location().name(), ranges);
        }

        @Override
        public void read(long position, ByteBuffer into) throws IOException {
          reader.read(position, into);
        }

        @Override
        public void close() throws IOException {
          closed++;
          reader.close();
          throw new IOException("closing %s failed".formatted(object.location().name()));
        }
      };
    }

    @Override
    public List<StoredObject> list(Location folder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Location> folders(Location folder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<StoredObject> find(Location object) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean readsSideBySide(Location object) {
      return false;
    }
  }

  private float[] read(TensorReader reader, Stored source, long first, int count)
      throws IOException {
    try (ArrowBuf buffer = bench.memory().buffer(64)) {
      ElementSpan span = new ElementSpan(first, count);
      reader.read(new Load.Piece(source, span, 0, 8, /* isChecked= */ true), buffer);
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = buffer.getFloat(8 + 4L * i);
      }
      return floats;
    }
  }

  @Test
  void readsElementsToTheirPlaceAndCountsThem() throws IOException {
    Stored a = bench.counting("a", 10);
    try (TensorReader reader = new TensorReader(bench.store(), false, watch)) {
      assertThat(read(reader, a, 4, 3)).containsExactly(4, 5, 6);
      assertThat(read(reader, a, 0, 1)).containsExactly(0);
    }
    assertThat(watch.times().bytesRead()).isEqualTo(16);
  }

  @Test
  void opensAShardOnceAndClosesAllThoughOneFails() throws IOException {
    Stored a = bench.counting("a", 10);
    Stored b = bench.counting("b", 10);
    TensorReader reader = new TensorReader(source, false, watch);
    read(reader, a, 0, 1);
    read(reader, a, 1, 1);
    read(reader, b, 0, 1);
    assertThat(source.opened).isEqualTo(2);
    assertThatThrownBy(reader::close)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("failed");
    assertThat(source.closed).isEqualTo(2);
  }

  @Test
  void announcesWhatSlicesReadOfEachShard() throws IOException {
    Stored a = bench.counting("a", 10);
    Stored b = bench.counting("b", 10);
    List<SharedSlice> slices = new ArrayList<>();
    for (ElementSpan span : List.of(new ElementSpan(0, 4), new ElementSpan(4, 6))) {
      slices.add(
          new SharedSlice(List.of(new SliceTask(PartBench.sum("t", List.of(a, b), 1, 1), span))));
    }
    TensorReader reader = new TensorReader(source, false, watch);
    reader.announce(slices);
    read(reader, a, 0, 1);
    read(reader, b, 0, 1);
    assertThat(source.announced)
        .containsEntry("a", List.of(new ByteRange(8, 24), new ByteRange(24, 48)))
        .containsEntry("b", List.of(new ByteRange(8, 24), new ByteRange(24, 48)));
    assertThatThrownBy(reader::close).isInstanceOf(IOException.class);
  }

  @Test
  void announcesOnceWhatIsWantedTwice() throws IOException {
    Stored a = bench.counting("a", 10);
    SliceTask twice = PartBench.whole(PartBench.sum("t", List.of(a, a), 1, 1));
    TensorReader reader = new TensorReader(source, false, watch);
    reader.announce(List.of(new SharedSlice(List.of(twice))));
    read(reader, a, 0, 1);
    assertThat(source.announced).containsEntry("a", List.of(new ByteRange(8, 48)));
    assertThatThrownBy(reader::close).isInstanceOf(IOException.class);
  }

  @Test
  void announcesNothingOfAShardThatIsReadByTurns() throws IOException {
    Stored a = bench.counting("a", 10);
    Stored first = part(a, "first", 0, 4);
    Stored second = part(a, "second", 6, 4);
    Stored b = bench.counting("b", 4);
    List<SharedSlice> slices = new ArrayList<>();
    for (ElementSpan span : List.of(new ElementSpan(0, 2), new ElementSpan(2, 2))) {
      slices.add(
          new SharedSlice(
              List.of(
                  new SliceTask(PartBench.sum("t", List.of(first, b, second), 1, 1, 1), span))));
    }
    TensorReader reader = new TensorReader(source, false, watch);
    reader.announce(slices);
    assertThat(read(reader, second, 2, 2)).containsExactly(8, 9);
    read(reader, b, 0, 1);
    assertThat(source.announced)
        .containsEntry("a", List.of())
        .containsEntry("b", List.of(new ByteRange(8, 16), new ByteRange(16, 24)));
    assertThatThrownBy(reader::close).isInstanceOf(IOException.class);
  }

  /** Elements of a tensor that lie in its file as a tensor of their own. */
  private static Stored part(Stored whole, String name, int first, int count) {
    long begin = whole.tensor().bytes().begin() + (long) first * Float.BYTES;
    return new Stored(
        new TensorInfo(
            name,
            whole.dtype(),
            Shape.of(count),
            whole.tensor().shard(),
            new ByteRange(begin, begin + (long) count * Float.BYTES)));
  }

  @Test
  void tellsOfNaNOnlyWhereAllElementsAreWanted() throws IOException {
    Stored a = bench.stored("a", Shape.of(3), 0, Float.POSITIVE_INFINITY, 2);
    try (TensorReader reader = new TensorReader(bench.store(), true, watch);
        ArrowBuf buffer = bench.memory().buffer(64)) {
      assertThatThrownBy(() -> read(reader, a, 0, 3))
          .isInstanceOf(NonFiniteException.class)
          .hasMessageStartingWith("/models/a: element 1 of a is Infinity");
      Load.Piece apart = new Load.Piece(a, new ElementSpan(0, 3), 0, 0, /* isChecked= */ false);
      reader.read(apart, buffer);
      assertThat(buffer.getFloat(4)).isInfinite();
    }
  }

  @Test
  void saysThatAFileEndsTooEarly() throws IOException {
    Stored a = bench.counting("a", 10);
    bench.store().write(a.tensor().shard().location(), new byte[20]);
    StoredObject shorter = bench.store().find(a.tensor().shard().location()).orElseThrow();
    Stored cut = new Stored(new TensorInfo("a", a.dtype(), a.shape(), shorter, a.tensor().bytes()));
    try (TensorReader reader = new TensorReader(bench.store(), false, watch)) {
      assertThatThrownBy(() -> read(reader, cut, 0, 10)).isInstanceOf(EOFException.class);
    }
  }
}

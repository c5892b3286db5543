package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.sum;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.merge.model.Addition;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Generated;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Copy;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.MemoryStore.Request;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers that come from no tensor are sources like any other, and cost no request. */
class GeneratedReadingTest {
  private static final int CHUNK = 4_096;
  private static final PartSettings SETTINGS = new PartSettings(CHUNK, 4 << 20, true, false);

  private final PartBench bench = new PartBench(4 << 20);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  private float[] made(TensorSource source) throws IOException {
    return bench.made(SETTINGS, whole(sum("t", List.of(source), 1)));
  }

  @Test
  void givenNumbersAreReadFromNowhere() throws IOException {
    Generated rows = new Generated(Numbers.given(new float[] {1, 2, 3, 4}), Shape.of(2, 2));
    assertThat(made(rows)).containsExactly(1, 2, 3, 4);
    assertThat(bench.store().count(Request.READ)).isZero();
  }

  @Test
  void copiesHaveTheirBytes() throws IOException {
    Generated zeros = new Generated(Numbers.all(0), Shape.of(3));
    Copy copy = new Copy(new OutputTensor("t", DType.F32, zeros.shape()), zeros);
    assertThat(bench.made(SETTINGS, whole(copy))).containsExactly(0, 0, 0);
  }

  @Test
  void theyStandBetweenStoredOnes() throws IOException {
    Stored a = bench.stored("a", Shape.of(1, 2), 1, 2);
    Generated between = new Generated(Numbers.all(7), Shape.of(1, 2));
    TensorSource joined = TensorSource.joined(List.of(a, between, a), 0);
    assertThat(made(joined)).containsExactly(1, 2, 7, 7, 1, 2);
    assertThat(made(joined.section(0, 1, 3).transposed())).containsExactly(7, 1, 7, 2);
  }

  @Test
  void drawsAreTheSameInEveryCut() throws IOException {
    Shape shape = Shape.of(3 * CHUNK + 11);
    Generated drawn = new Generated(Numbers.normal(5, "noise", 1), shape);
    float[] all = made(drawn);
    SliceTask slice =
        new SliceTask(sum("t", List.of(drawn), 1), new ElementSpan(CHUNK - 3, CHUNK + 5));
    float[] part = bench.made(SETTINGS, slice);
    for (int i = 0; i < part.length; i++) {
      assertThat(part[i]).isEqualTo(all[CHUNK - 3 + i]);
    }
  }

  @Test
  void noiseIsAddedToAStoredTensor() throws IOException {
    Stored a = bench.stored("a", Shape.of(4), 1, 2, 3, 4);
    Generated noise = new Generated(Numbers.given(new float[] {1, -1, 1, -1}), Shape.of(4));
    assertThat(made(a.changed(new Addition(noise, 0.5f)))).containsExactly(1.5f, 1.5f, 3.5f, 3.5f);
  }

  @Test
  void theirIdentityIsWhatTheyAre() {
    Generated one = new Generated(Numbers.normal(5, "noise", 1), Shape.of(4));
    assertThat(one.identity())
        .isEqualTo(new Generated(Numbers.normal(5, "noise", 1), Shape.of(4)).identity())
        .isNotEqualTo(new Generated(Numbers.normal(6, "noise", 1), Shape.of(4)).identity())
        .isNotEqualTo(new Generated(Numbers.normal(5, "noise", 1), Shape.of(2, 2)).identity());
    assertThat(one.place(3).tensor()).isEqualTo("numbers that come from no model");
  }
}

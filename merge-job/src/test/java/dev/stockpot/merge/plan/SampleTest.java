package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleTest {
  @ParameterizedTest
  @CsvSource({
    "4096, 8",
    "4096, 4096",
    "28672, 8192",
    "8192, 28672",
    "128256, 8192",
    "1000000, 3",
    "32, 1000000",
    "7, 262145",
    "50257, 768",
    "2, 131073"
  })
  void isAFewRunsOfWholeUnitsWithinTheTensor(long rows, long columns) {
    Shape shape = Shape.of(rows, columns);
    List<ElementSpan> spans = Sample.of(shape).spans("model.layers.3.mlp.up_proj.weight");
    long end = 0;
    long all = 0;
    for (ElementSpan span : spans) {
      assertThat(span.first()).isGreaterThanOrEqualTo(end);
      assertThat(span.count()).isPositive();
      if (columns <= Sample.LONGEST_RUN) {
        assertThat(span.first() % columns).isZero();
        assertThat(span.count() % columns).isZero();
      }
      end = span.end();
      all += span.count();
    }
    assertThat(end).isLessThanOrEqualTo(shape.elements());
    boolean isWhole = all == shape.elements();
    assertThat(isWhole || spans.size() == Sample.RUNS).isTrue();
    assertThat(all).isLessThanOrEqualTo(Sample.RUNS * Sample.LONGEST_RUN);
    assertThat(all).isGreaterThanOrEqualTo(Math.min(shape.elements(), Sample.RUN));
  }

  @Test
  void ofLongRowsThereAreEnoughToCompareThem() {
    Shape down = Shape.of(8192, 28_672);
    for (ElementSpan span : Sample.of(down).spans("down")) {
      assertThat(span.count()).isEqualTo(Sample.FEWEST_UNITS * 28_672);
    }
  }

  @Test
  void vectorsAreSeenWholeOrInRuns() {
    assertThat(Sample.of(Shape.of(8192)).spans("norm")).containsExactly(new ElementSpan(0, 8192));
    List<ElementSpan> long1 = Sample.of(Shape.of(10_000_001)).spans("flat");
    assertThat(long1).hasSize(2).allMatch(span -> span.count() == Sample.RUN);
    assertThat(long1).allMatch(span -> span.first() % 64 == 0); // packed elements have whole bytes
    assertThat(Sample.of(Shape.of()).spans("scalar")).containsExactly(new ElementSpan(0, 1));
  }

  @Test
  void placesHangOnTheNameAlone() {
    Sample sample = Sample.of(Shape.of(8192, 8192));
    assertThat(sample.spans("a")).isEqualTo(sample.spans("a"));
    Set<List<ElementSpan>> places = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      places.add(sample.spans("layer " + i));
    }
    assertThat(places).hasSizeGreaterThan(45);
  }

  @Test
  void placesAreSpreadOverTheTensor() {
    Sample sample = Sample.of(Shape.of(8192, 8192));
    Integer[] quarters = {0, 0, 0, 0};
    for (int i = 0; i < 400; i++) {
      for (ElementSpan span : sample.spans("layer " + i)) {
        quarters[(int) (4 * span.first() / (8192L * 8192))]++;
      }
    }
    assertThat(quarters).allMatch(count -> count > 150 && count < 250); // 200 each
  }

  @Test
  void unitsAreRowsFiltersAndRowsOfExperts() {
    assertThat(Sample.unit(Shape.of(512, 768))).isEqualTo(768);
    assertThat(Sample.unit(Shape.of(64, 3, 7, 7))).isEqualTo(147);
    assertThat(Sample.unit(Shape.of(8, 14_336, 4096))).isEqualTo(4096);
    assertThat(Sample.unit(Shape.of(768))).isZero();
    assertThat(Sample.unit(Shape.of())).isZero();
  }
}

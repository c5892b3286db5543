package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Examples together, some of them, and the same ones wherever they are met. */
class BlockTest {
  private static final Tables TWO = new Tables(List.of(Scale.LOGITS, Scale.LOGITS), 2, false);

  /** Of examples whose logits are all their own number. */
  private static Block block(int... numbers) {
    String[] ids = IntStream.of(numbers).mapToObj(String::valueOf).toArray(String[]::new);
    double[] logits =
        IntStream.of(numbers).flatMap(n -> IntStream.of(n, n, n, n)).asDoubleStream().toArray();
    return new Block(ids, numbers.clone(), logits, TWO, new Findings(TWO.all()));
  }

  @Test
  void examplesThatPassKeepTheirLabelsAndLogits() {
    Block some = block(3, 1, 4, 2).of(id -> Set.of("1", "2", "3").contains(id));

    assertThat(some.rows()).isEqualTo(3);
    for (int row = 0; row < some.rows(); row++) {
      int number = new int[] {3, 1, 2}[row];
      assertThat(some.id(row)).isEqualTo(String.valueOf(number));
      assertThat(some.label(row)).isEqualTo(number);
      for (int i = 0; i < 4; i++) {
        assertThat(some.logits()[some.at(row) + i]).isEqualTo(number);
      }
    }
    assertThat(some.logits()).hasSize(12);
    assertThat(some.classes()).isEqualTo(2);
  }

  @Test
  void noneMayPassAndAllMay() {
    Block block = block(1, 2);
    assertThat(block.of(id -> false).rows()).isZero();
    assertThat(block.of(id -> true).logits()).isEqualTo(block.logits());
  }

  @Test
  void whatWasFoundGoesAlong() {
    Block block = block(1, 2);
    block.findings().example(true, false);
    assertThat(block.of(id -> false).findings().examples()).isEqualTo(1);
  }

  @Test
  void refusesNumbersThatAreNotThoseOfItsExamples() {
    Findings none = new Findings(3);
    assertThatThrownBy(
            () -> new Block(new String[] {"a"}, new int[1], new double[3], TWO, none).rows())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 labels and 3 logits of 1 examples, 2 models and 2 classes");
    assertThatThrownBy(
            () -> new Block(new String[] {"a"}, new int[2], new double[4], TWO, none).rows())
        .hasMessage("2 labels and 4 logits of 1 examples, 2 models and 2 classes");
  }

  @Test
  void aBlockHasAtMostTwoMebibytesAndOneExampleAtLeast() {
    assertThat(Block.rows(1, 2)).isEqualTo(4_096);
    assertThat(Block.rows(4, 1_000)).isEqualTo((1 << 18) / 4_000);
    assertThat(Block.rows(100, 50_000)).isEqualTo(1);
  }

  @Test
  void aShareAndTheOthersAreAllExamplesOnce() {
    Share share = new Share(0.3, 7, true);
    long inside = IntStream.range(0, 10_000).filter(i -> share.has("id" + i)).count();
    long outside = IntStream.range(0, 10_000).filter(i -> share.others().has("id" + i)).count();

    assertThat(inside + outside).isEqualTo(10_000);
    assertThat(inside / 1e4).isCloseTo(0.3, within(0.02)); // four deviations
    assertThat(share.others().others()).isEqualTo(share);
  }

  @Test
  void aSmallerShareIsPartOfALargerOneAndAnotherSeedsIsAnother() {
    Share small = new Share(0.2, 7, true);
    Share large = new Share(0.6, 7, true);
    Share other = new Share(0.2, 8, true);

    assertThat(IntStream.range(0, 1_000).filter(i -> small.has("" + i)))
        .allMatch(i -> large.has("" + i))
        .anyMatch(i -> !other.has("" + i));
  }

  @Test
  void allIsAShare() {
    Share all = new Share(1, 7, true);
    assertThat(IntStream.range(0, 1_000)).allMatch(i -> all.has("" + i));
    assertThat(IntStream.range(0, 1_000)).noneMatch(i -> all.others().has("" + i));
  }

  @Test
  void sumsOfAShareAreOverItsExamplesAlone() {
    Share share = new Share(0.5, 3, true);
    int[] numbers = IntStream.range(0, 100).toArray();
    RowSums sum =
        new RowSums() {
          @Override
          public int size() {
            return 1;
          }

          @Override
          public void add(Block block, double[] sums) {
            for (int row = 0; row < block.rows(); row++) {
              sums[0] += block.label(row);
            }
          }
        };
    Passes all = DigitTables.passes(List.of(block(numbers)));

    double inside = share.of(all).over(sum)[0];
    assertThat(inside)
        .isEqualTo(IntStream.of(numbers).filter(number -> share.has("" + number)).sum());
    assertThat(inside + share.others().of(all).over(sum)[0]).isEqualTo(4_950);
  }

  @Test
  void tablesHaveAModelAndTwoClasses() {
    assertThatThrownBy(() -> new Tables(List.of(), 2, false).all())
        .hasMessage("0 models of 2 classes");
    assertThatThrownBy(() -> new Tables(List.of(Scale.LOGITS), 1, false).all())
        .hasMessage("1 models of 1 classes");
    assertThat(TWO.all()).as("with one of labels").isEqualTo(3);
  }
}

package dev.stockpot.merge.spark.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.predict.Block;
import dev.stockpot.merge.predict.Columns;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.RowSums;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples that are called by numbers are joined and ordered as if text said these. */
class ExampleIdsTest {
  @TempDir private static Path folder;
  private static FrameSession spark;
  private static int written;

  @BeforeAll
  static void start() {
    spark = FrameSession.ofSmallTables(/* hasKryo= */ false);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  /** Which examples come behind which others, whatever their labels. */
  private record Order() implements RowSums {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public void add(Block block, double[] sums) {
      for (int row = 0; row < block.rows(); row++) {
        sums[0] = (31 * sums[0] + block.id(row).hashCode()) % 1e9;
      }
    }
  }

  private static StructType columns(DataType id) {
    return new StructType()
        .add("id", id)
        .add("logits", DataTypes.createArrayType(DataTypes.FloatType));
  }

  private static NamedTable parquet(StructType type, Object[]... rows) {
    Path place = folder.resolve("t%s.parquet".formatted(written++));
    List<Row> all = new ArrayList<>();
    for (Object[] row : rows) {
      all.add(RowFactory.create(row));
    }
    spark.session().createDataFrame(all, type).write().parquet(place.toString());
    return new NamedTable("t", place.toString());
  }

  private static Joined joined(NamedTable... tables) {
    return PredictionFrames.open().join(List.of(tables), Optional.empty(), Columns.USUAL, false);
  }

  private static void refuses(String message, NamedTable... tables) {
    assertThatThrownBy(() -> joined(tables).close())
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  private static double order(DataType type, Object... ids) {
    Object[][] rows = new Object[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      rows[i] = new Object[] {ids[i], new float[] {i, 1}};
    }
    try (Joined joined = joined(parquet(columns(type), rows))) {
      assertThat(joined.findings().examples()).isEqualTo(ids.length);
      return joined.over(new Order())[0];
    }
  }

  /** A sum hangs on the order of what is added, so this must not hang on the type of the ids. */
  @Test
  void numbersAreInTheOrderOfTheirText() {
    Random random = new Random(3);
    Set<Long> some = new TreeSet<>(List.of(0L, 1L, 9L, 10L, 99L, 100L, 999_999_999_999_999L));
    for (int i = 0; i < 200; i++) {
      long digits = (long) Math.pow(10, random.nextInt(14));
      some.add(digits + random.nextLong(9 * digits));
      some.add(digits);
    }
    List<Long> shuffled = new ArrayList<>(some);
    Collections.shuffle(shuffled, random);
    double ofNumbers = order(DataTypes.LongType, shuffled.toArray());
    assertThat(order(DataTypes.StringType, shuffled.stream().map(String::valueOf).toArray()))
        .isEqualTo(ofNumbers);
    for (long other : new long[] {-1, 1_000_000_000_000_000L, Long.MAX_VALUE}) {
      List<Long> longer = new ArrayList<>(shuffled);
      longer.add(other);
      assertThat(order(DataTypes.StringType, longer.stream().map(String::valueOf).toArray()))
          .isEqualTo(order(DataTypes.LongType, longer.toArray()));
    }
  }

  @Test
  void idsMayBeNumbersHereAndTextThere() {
    NamedTable first = parquet(columns(DataTypes.LongType), new Object[] {7L, new float[] {0, 2}});
    NamedTable second =
        parquet(columns(DataTypes.StringType), new Object[] {"7", new float[] {0, 2}});
    try (Joined joined = joined(first, new NamedTable("u", second.path()))) {
      assertThat(joined.findings().examples()).isEqualTo(1);
    }
  }

  @Test
  void numbersThatAreEmptyOrThereTwiceAreTold() {
    NamedTable first =
        parquet(
            columns(DataTypes.LongType),
            new Object[] {7L, new float[] {0, 2}},
            new Object[] {7L, new float[] {0, 2}},
            new Object[] {8L, new float[] {0, 2}});
    NamedTable second =
        parquet(
            columns(DataTypes.LongType),
            new Object[] {null, new float[] {0, 2}},
            new Object[] {7L, new float[] {0, 2}});
    NamedTable other = new NamedTable("u", second.path());
    refuses("): example 7 is there more than once", first, other);
    refuses("u (" + second.path() + "): example without a name", first, other);
    refuses("u (" + second.path() + "): example 8 is missing", first, other);
  }
}

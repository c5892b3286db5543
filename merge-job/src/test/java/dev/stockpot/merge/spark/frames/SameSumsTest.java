package dev.stockpot.merge.spark.frames;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.predict.Block;
import dev.stockpot.merge.predict.Columns;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.RowSums;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same sums, to the last bit, from one task and from four, and from tables cut otherwise. */
class SameSumsTest {
  private static final int EXAMPLES = 150_000;

  @TempDir private Path folder;

  /** Numbers whose sum hangs on the order in which they are added. */
  private record Ragged() implements RowSums {
    @Override
    public int size() {
      return 3;
    }

    @Override
    public void add(Block block, double[] sums) {
      for (int row = 0; row < block.rows(); row++) {
        double x = Double.parseDouble(block.id(row));
        sums[0] += Math.sin(x) * 1e6;
        sums[1] += 1 / (1 + x);
        sums[2]++;
      }
    }
  }

  private static double[] sums(String path, int tasks) {
    try (FrameSession spark = new FrameSession(tasks, /* hasKryo= */ false)) {
      spark.session().conf().set("spark.sql.files.maxPartitionBytes", 100_000L * tasks);
      try (Joined joined =
          PredictionFrames.open()
              .join(List.of(new NamedTable("a", path)), Optional.empty(), Columns.USUAL, false)) {
        assertThat(joined.findings().examples()).isEqualTo(EXAMPLES);
        return joined.over(new Ragged());
      }
    }
  }

  /** The same table in so many files. */
  private String table(FrameSession spark, int files) {
    String path = folder.resolve(files + "-files").toString();
    spark
        .session()
        .range(0, EXAMPLES)
        .select(
            functions.col("id"),
            functions.lit(0).as("label"),
            functions.array(functions.rand(1), functions.lit(2.0)).as("logits"))
        .repartition(files)
        .write()
        .parquet(path);
    return path;
  }

  @Test
  void sumsHangOnExamplesAlone() {
    String whole;
    String cut;
    try (FrameSession spark = new FrameSession(2, /* hasKryo= */ false)) {
      whole = table(spark, 1);
      cut = table(spark, 7);
    }
    double[] one = sums(whole, 1);
    assertThat(one[2]).isEqualTo(EXAMPLES);
    assertThat(sums(whole, 4)).containsExactly(one);
    assertThat(sums(cut, 3)).containsExactly(one);
  }
}

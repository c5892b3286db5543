package dev.stockpot.merge.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.observe.Figures.Magnitudes;
import dev.stockpot.kernels.observe.Observer.Viewpoint;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.commit.MergeJournal.FinishedShard;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.output.RankCut;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresInJournalTest {
  private static final RankCut CUT = new RankCut(4, 0.1, 1e-300, 3.5);
  private static final Map<String, NonFinite> NOT_FINITE =
      Map.of("t", new NonFinite(1, 2, 3, 1L << 40));

  @Test
  void aResumedMergeReadsTheFiguresOfFinishedShardsAsTheyWere() throws JsonException {
    Figures figures =
        new Figures(
            new Viewpoint(2, 0, true),
            100,
            50,
            new double[] {0.1, -0.2, 1e-300, Double.POSITIVE_INFINITY, 5},
            List.of(new Magnitudes(3, -7, new long[] {1, 2}), new Magnitudes(0, 0, new long[] {4})),
            new long[] {0, 100},
            new long[] {0, 42});
    FinishedShard shard =
        new FinishedShard(
            "f",
            1,
            "u",
            List.of(),
            Map.of(),
            Map.of(),
            NOT_FINITE,
            Map.of("t", figures),
            new MatrixFindings(Map.of("m", CUT), Map.of("t", Map.of("R²", 0.25))),
            "");
    FinishedShard read = Json.parse(Json.of(shard), FinishedShard.class).orElseThrow();
    assertThat(read.figures().get("t")).usingRecursiveComparison().isEqualTo(figures);
    assertThat(read.matrices().cuts()).containsExactly(Map.entry("m", CUT));
    assertThat(read.matrices().measures()).isEqualTo(Map.of("t", Map.of("R²", 0.25)));
    assertThat(read.nonFinite()).isEqualTo(NOT_FINITE);
  }
}

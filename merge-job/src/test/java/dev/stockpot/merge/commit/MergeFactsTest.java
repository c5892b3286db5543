package dev.stockpot.merge.commit;

import static dev.stockpot.kernels.random.Rounding.Mode.STOCHASTIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.output.RankCut;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is known of a merge grows, and nothing that was known is lost on the way. */
class MergeFactsTest {
  private static final MatrixFindings CUT =
      new MatrixFindings(Map.of("q", new RankCut(1, 2, 0.5, 1)), Map.of());
  private static final MatrixFindings MEASURE =
      new MatrixFindings(Map.of(), Map.of("w", Map.of("R²", 0.25)));
  private static final ChosenBy CHOSEN =
      new ChosenBy("asked", "digest", List.of(), List.of(), List.of(), Optional.empty());
  private static final RoundFacts ROUND =
      new RoundFacts(3, "server", Optional.empty(), Optional.empty());

  private static MergeFacts facts() {
    return new MergeFacts("recipe", "ties", 7, STOCHASTIC, Map.of("stockpot", "1"));
  }

  @Test
  void whatIsAddedLaterLeavesTheRest() {
    Map<String, LostUpdates> lost = Map.of("w", new LostUpdates(4, 3));
    Map<String, NonFinite> broken = Map.of("v", new NonFinite(1, 2, 3, 4));
    MergeFacts all =
        facts()
            .knowing(CUT)
            .knowing(lost, broken, MEASURE)
            .chosenBy(Optional.of(CHOSEN))
            .of(Optional.of(ROUND))
            .after(List.of());
    assertThat(all)
        .isEqualTo(
            new MergeFacts(
                "recipe",
                "ties",
                7,
                STOCHASTIC,
                lost,
                broken,
                new MatrixFindings(CUT.cuts(), MEASURE.measures()),
                Map.of("stockpot", "1"),
                Optional.of(CHOSEN),
                List.of(),
                Optional.of(ROUND)));
    assertThat(all.knowing(MatrixFindings.NONE)).isEqualTo(all);
  }

  @Test
  void versionsAreInOneOrderWhateverOrderTheyCameIn() {
    Map<String, String> versions = new LinkedHashMap<>();
    for (String name : List.of("spark", "java", "stockpot")) {
      versions.put(name, "1");
    }
    assertThat(new MergeFacts("r", "ties", 7, STOCHASTIC, versions).versions().keySet())
        .containsExactly("java", "spark", "stockpot");
  }

  @Test
  void keysOfARecipeAreHidden() {
    assertThat(new MergeFacts("secret_key: abcdefgh", "m", 0, STOCHASTIC, Map.of()).recipe())
        .isEqualTo("secret_key: ***");
  }
}

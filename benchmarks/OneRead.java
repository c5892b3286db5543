import dev.stockpot.merge.run.Merge;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeOutcome;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.Stockpot;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes merges in one reading: {@code OneRead OUTPUTS RECIPE…}, the first recipe into OUTPUTS/0.
 * Run by one-read.sh.
 */
final class OneRead {
  public static void main(String[] words) {
    List<Merge> merges = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      merges.add(Merge.of(MergeRecipe.at(words[i]), words[0] + "/" + (i - 1)));
    }
    try (Stockpot stockpot = Stockpot.embedded()) {
      List<MergeOutcome> outcomes = stockpot.mergeAll(merges, MergeOptions.DEFAULT.overwriting());
      System.out.printf(
          "Read %d MB of input%n", outcomes.get(0).totals().times().bytesRead() / 1_000_000);
    }
  }
}

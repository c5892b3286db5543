import dev.stockpot.merge.UserException;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.Stockpot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/**
 * Makes merges one after the other in one JVM, which saves the start of each: for every line of
 * standard input, a recipe and an output parted by a tab, it answers with one line.
 */
public final class Merges {
  private static final MergeOptions OPTIONS =
      MergeOptions.DEFAULT.overwriting().withSetting("report", false);

  private Merges() {}

  public static void main(String[] args) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    try (Stockpot stockpot = Stockpot.embedded()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split("\t", -1);
        System.out.printf(
            "%nANSWER\t%s%n", answer(stockpot, words[0], words[1]).replace('\n', ' '));
        System.out.flush();
      }
    }
  }

  private static String answer(Stockpot stockpot, String recipe, String output) {
    try {
      stockpot.merge(MergeRecipe.at(recipe), output, OPTIONS);
      return "made";
    } catch (UserException e) {
      return "refused\t" + e.getMessage();
    } catch (RuntimeException e) { // one that fails must not keep the others from being tried
      return "failed\t" + e;
    }
  }
}

package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TIES as its paper has it: one threshold for the whole model, a vote without weights. */
class PaperTiesTest {
  private static final List<String> TENSORS = List.of("a.weight", "b.weight", "c.weight");
  private static final double DENSITY = 0.3;

  @TempDir private Path folder;

  @Test
  void trimsTheWholeModelAtOnceAndVotesWithoutWeights() throws IOException {
    String[] models = {"base", "x", "y", "z"};
    for (int i = 0; i < models.length; i++) {
      ModelFolder model = ModelFolder.at(folder.resolve(models[i]));
      for (int tensor = 0; tensor < TENSORS.size(); tensor++) {
        // the tensors' task vectors differ in size, so that a threshold per tensor gives other
        // results
        model.bfloats(TENSORS.get(tensor), i * (tensor + 1), 40, 50 + tensor);
      }
      model.write();
    }
    Path recipe = folder.resolve("recipe.yml");
    Files.writeString(
        recipe,
        """
        merge_method: ties
        base_model: base
        models:
        - {model: x, parameters: {weight: 0.5, density: 0.3}}
        - {model: y, parameters: {weight: 2.0, density: 0.3}}
        - {model: z, parameters: {weight: 1.0, density: 0.3}}
        parameters: {reading: paper, lambda: 0.8}
        dtype: float32
        """);
    Path output = folder.resolve("out");
    CommandLineRun.of("merge", recipe, output, "--set", "model-root=" + folder).succeeds();

    Map<String, double[]> expected = expected(List.of("x", "y", "z"), new double[] {0.5, 2, 1});
    Tensors merged = new Tensors(output);
    for (String tensor : TENSORS) {
      assertThat(merged.values(tensor))
          .as(tensor)
          .usingComparatorWithPrecision(1e-6)
          .containsExactly(expected.get(tensor));
    }
  }

  private Map<String, double[]> expected(List<String> models, double[] weights) throws IOException {
    Tensors base = new Tensors(folder.resolve("base"));
    List<Map<String, double[]>> trimmed = new ArrayList<>();
    for (String model : models) {
      trimmed.add(trimmed(new Tensors(folder.resolve(model)), base));
    }
    Map<String, double[]> merged = new TreeMap<>();
    for (String tensor : TENSORS) {
      double[] out = base.values(tensor);
      for (int i = 0; i < out.length; i++) {
        double vote = 0;
        for (Map<String, double[]> model : trimmed) {
          vote += model.get(tensor)[i];
        }
        double sum = 0;
        double agreed = 0;
        for (int m = 0; m < weights.length; m++) {
          double value = trimmed.get(m).get(tensor)[i];
          if (value != 0 && (value > 0) == (vote >= 0)) {
            sum += weights[m] * value;
            agreed += weights[m];
          }
        }
        out[i] += 0.8 * (agreed == 0 ? 0 : sum / agreed);
      }
      merged.put(tensor, out);
    }
    return merged;
  }

  private static Map<String, double[]> trimmed(Tensors model, Tensors base) throws IOException {
    Map<String, double[]> differences = new TreeMap<>();
    List<Double> magnitudes = new ArrayList<>();
    for (String tensor : TENSORS) {
      double[] values = model.values(tensor);
      double[] origin = base.values(tensor);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) values[i] - (float) origin[i];
        magnitudes.add(Math.abs(values[i]));
      }
      differences.put(tensor, values);
    }
    magnitudes.sort(Comparator.reverseOrder());
    double threshold = magnitudes.get((int) (DENSITY * magnitudes.size()) - 1);
    for (double[] values : differences.values()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.abs(values[i]) >= threshold ? values[i] : 0;
      }
    }
    assertThat(threshold).isPositive();
    return differences;
  }
}

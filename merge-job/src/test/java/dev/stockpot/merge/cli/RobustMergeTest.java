package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that weigh models by the distances of whole models, from files to files. */
class RobustMergeTest {
  /** The first has two blocks of reductions. */
  private static final Map<String, Integer> TENSORS =
      new TreeMap<>(Map.of("a.weight", 1_100_000, "b.weight", 70, "c.weight", 3_001));

  private static final List<String> MODELS = List.of("base", "p", "q", "r", "liar");

  @TempDir private static Path folder;

  /** Each tensor alone would not tell the liar: it lies only in the smallest. */
  @BeforeAll
  static void writeModels() throws IOException {
    for (int i = 0; i < MODELS.size(); i++) {
      ModelFolder model = ModelFolder.at(folder.resolve(MODELS.get(i)));
      for (Map.Entry<String, Integer> tensor : TENSORS.entrySet()) {
        boolean lies = MODELS.get(i).equals("liar") && tensor.getKey().equals("b.weight");
        if (lies) {
          float[] far = new float[tensor.getValue()];
          Arrays.fill(far, -900);
          model.floats(tensor.getKey(), far);
        } else {
          model.bfloats(tensor.getKey(), i, tensor.getValue());
        }
      }
      model.write();
    }
  }

  private static String recipe(String method) {
    String models = "models: [{model: p}, {model: liar}, {model: q}, {model: base}, {model: r}]\n";
    String ties =
        """
        base_model: base
        models:
        - {model: p, parameters: {weight: 1, density: 0.4}}
        - {model: q, parameters: {weight: 0.5, density: 0.3}}
        parameters: {reading: paper}
        """;
    return "merge_method: %s\ndtype: float32\n%s"
        .formatted(method, method.equals("ties") ? ties : models);
  }

  private static Map<String, ByteBuffer> merge(String method, String... settings)
      throws IOException {
    Path out = folder.resolve("out");
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe(method));
    List<Object> arguments = new ArrayList<>(List.of("merge", file, out, "--overwrite"));
    arguments.addAll(List.of("--set", "model-root=" + folder));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    CommandLineRun.of(arguments.toArray()).succeeds();
    Tensors merged = new Tensors(out);
    Map<String, ByteBuffer> bytes = new TreeMap<>();
    for (String tensor : TENSORS.keySet()) {
      bytes.put(tensor, merged.bytes(tensor));
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"geometric_median", "multi_krum", "ties"})
  void statisticsOfTheModelAreTheSameHoweverItIsCut(String method) throws IOException {
    Map<String, ByteBuffer> expected = merge(method, "tasks=1", "provider=scalar");

    assertThat(merge(method, "tasks=3", "part-size=1", "chunk-elements=8192", "task-memory=2MiB"))
        .isEqualTo(expected);
  }

  @Test
  void theModelThatLiesAnywhereIsLeftOutEverywhere() throws IOException {
    merge("multi_krum");

    Tensors merged = new Tensors(folder.resolve("out"));
    for (String tensor : TENSORS.keySet()) {
      double[] mean = mean(tensor, List.of("p", "q", "base", "r"));
      assertThat(farthest(merged.values(tensor), mean)).as(tensor).isLessThan(1e-6);
    }
  }

  @Test
  void theMedianStaysNearTheModelsThatAgree() throws IOException {
    merge("geometric_median");

    double[] merged = new Tensors(folder.resolve("out")).values("b.weight");
    double[] honest = mean("b.weight", List.of("p", "q", "base", "r"));
    assertThat(farthest(merged, honest)).isLessThan(1); // the plain average is 180 off
  }

  private static double farthest(double[] a, double[] b) {
    assertThat(a).hasSameSizeAs(b);
    return IntStream.range(0, a.length).mapToDouble(e -> Math.abs(a[e] - b[e])).max().orElseThrow();
  }

  private static double[] mean(String tensor, List<String> models) throws IOException {
    double[] mean = new double[TENSORS.get(tensor)];
    for (String model : models) {
      double[] values = new Tensors(folder.resolve(model)).values(tensor);
      for (int e = 0; e < mean.length; e++) {
        mean[e] += values[e] / models.size();
      }
    }
    return mean;
  }
}

package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares an adapter that a golden case makes: changes of modules, not their factors. */
final class Golden2Adapter {
  private static final String PREFIX = "base_model.model.";
  private static final String WEIGHT = ".weight";
  private static final String A = ".lora_A.weight";
  private static final double NEAR = 1e-6;

  private final Golden2Case golden;
  private final Path output;
  private final WrittenPairs pairs;

  Golden2Adapter(Golden2Case golden, Path output) throws IOException {
    this.golden = golden;
    this.output = output;
    this.pairs = new WrittenPairs(output);
  }

  /** The changes are the expected ones, and nothing else is there but what is expected whole. */
  void holds(Path folder) throws IOException {
    Tensors expected = golden.expectedTensors(folder);
    Set<String> left = new TreeSet<>(pairs.names());
    for (TensorInfo tensor : expected.checkpoint().tensors().values()) {
      String name = tensor.name();
      if (name.endsWith(".singular_values")) {
        continue;
      }
      double[] wanted = expected.values(name);
      String module = name.endsWith(WEIGHT) ? name.substring(0, name.length() - 7) : name;
      if (left.remove(PREFIX + module + A)) {
        left.remove(PREFIX + module + ".lora_B.weight");
        golden.tolerance().check(name, pairs.change(module), wanted);
      } else {
        assertThat(left.remove(PREFIX + name)).as(name).isTrue();
        golden.tolerance().check(name, pairs.values(PREFIX + name), wanted);
      }
    }
    assertThat(left).isEmpty();
  }

  /** Ranks and errors of modules are those that the case names, in the manifest as in the files. */
  void hasRanks() throws IOException {
    Map<String, JsonValue> modules = golden.expected().object("modules").orElseThrow().fields();
    List<JsonObject> told =
        Golden2Case.object(output.resolve("stockpot-manifest.json")).objects("adapter");
    assertThat(told.stream().map(module -> module.text("module")))
        .containsExactlyInAnyOrderElementsOf(modules.keySet());
    for (JsonObject module : told) {
      JsonObject wanted = modules.get(module.text("module")).object().orElseThrow();
      assertThat(module.whole("rank", 0)).isEqualTo(wanted.whole("rank", -1));
      assertThat((long) pairs.rank(module.text("module"))).isEqualTo(wanted.whole("rank", -1));
      double error = module.get("error").orElseThrow().number().getAsDouble();
      double expected = wanted.get("relative_error").orElseThrow().number().getAsDouble();
      assertThat(Math.abs(error - expected)).as(module.text("module")).isLessThan(NEAR);
    }
  }
}

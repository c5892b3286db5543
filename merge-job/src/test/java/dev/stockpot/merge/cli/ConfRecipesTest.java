package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.recipe.LayerRange;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.run.Merging;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipes to copy, {@code conf/}: each file there is merged, of small models by its names. */
class ConfRecipesTest {
  private static final Path CONF = Path.of("../conf");
  private static final int LAYERS_OF_WHOLE_MODELS = 6;
  private static final List<String> CHECKPOINTS = List.of("1", "2", "9", "10", "11", "100");

  @TempDir private Path folder;

  static List<Path> recipes() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      List<Path> recipes =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().equals("README.md"))
              .filter(file -> !file.endsWith(MixtureSourcesTest.RECIPE))
              .filter(file -> !ComposedConfTest.COMPOSED.contains(file.getFileName().toString()))
              .sorted()
              .toList();
      assertThat(recipes).isNotEmpty();
      return recipes;
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void merges(Path file) throws IOException {
    Recipe recipe = Merging.parse(file);
    int layers = layersOfModels(recipe);
    int number = 0;
    for (String model : models(recipe)) {
      writeModel(folder.resolve(model), number++, layers);
    }
    Path out = folder.resolve("merged");
    CommandLineRun.of("merge", file, out, "--set", "model-root=" + folder).succeeds();

    CommandLineRun.of("verify", out).succeeds();
    JsonNode config = new ObjectMapper().readTree(out.resolve("config.json").toFile());
    assertThat(config.get("num_hidden_layers").asInt()).isEqualTo(layersOfOutput(recipe, layers));
    String merged = "model.layers.%s.mlp.down_proj.weight".formatted(layers / 2);
    Tensors output = new Tensors(out);
    assertThat(output.checkpoint().tensors().get(merged).dtype()).isEqualTo(DType.BF16);
    if (recipe.wholeModels()) {
      for (String model : models(recipe)) {
        assertThat(output.values(merged))
            .as("a mix, other than %s", model)
            .isNotEqualTo(new Tensors(folder.resolve(model)).values(merged));
      }
    }
  }

  @Test
  void theNightlySoupHeedsTheEnvironment() throws Exception {
    for (int step : new int[] {1, 2, 10}) {
      ModelFolder.at(folder.resolve("night/step-" + step)).floats("w", step).write();
    }
    Path out = folder.resolve("merged");
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            absoluteClassPath(),
            Main.class.getName(),
            "merge",
            CONF.resolve("nightly-soup.conf").toString(),
            out.toString(),
            "--set",
            "model-root=" + folder);
    java.environment().put("STOCKPOT_CHECKPOINTS", "night/step-*");
    java.environment().put("STOCKPOT_LAST", "2");
    java.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Path log = folder.resolve("log");
    Process process = java.redirectErrorStream(true).redirectOutput(log.toFile()).start();

    assertThat(process.waitFor()).as(() -> read(log)).isZero();
    assertThat(new Tensors(out).values("w")).containsExactly(6);
  }

  private static String absoluteClassPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .reduce((left, right) -> left + File.pathSeparator + right)
        .orElseThrow();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** All folders that the recipe names; a pattern stands for several. */
  private static Set<String> models(Recipe recipe) {
    Set<String> models = new LinkedHashSet<>();
    recipe.base().map(ModelReference::path).ifPresent(models::add);
    recipe.slices().stream()
        .flatMap(slice -> slice.sources().stream())
        .map(Source::model)
        .forEach(model -> models.addAll(matches(model)));
    return models;
  }

  private static List<String> matches(ModelReference model) {
    return model.isPattern()
        ? CHECKPOINTS.stream().map(step -> model.path().replace("*", step)).toList()
        : List.of(model.path());
  }

  /** As many as the recipe's slices reach. */
  private static int layersOfModels(Recipe recipe) {
    return recipe.slices().stream()
        .flatMap(slice -> slice.sources().stream())
        .flatMap(source -> source.layers().stream())
        .mapToInt(LayerRange::end)
        .max()
        .orElse(LAYERS_OF_WHOLE_MODELS);
  }

  private static int layersOfOutput(Recipe recipe, int layersOfModels) {
    return recipe.slices().stream()
        .map(slice -> slice.sources().get(0).layers())
        .mapToInt(layers -> layers.map(LayerRange::length).orElse(layersOfModels))
        .sum();
  }

  private static void writeModel(Path folder, int fineTune, int layers) throws IOException {
    ModelFolder model = ModelFolder.at(folder);
    model.file("config.json", "{\"num_hidden_layers\": %s}".formatted(layers));
    model.bfloats("model.embed_tokens.weight", fineTune, 32, 16);
    List<String> names = new ArrayList<>();
    for (String part : List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.o_proj")) {
      names.add(part + ".weight");
    }
    names.add("mlp.down_proj.weight");
    IntStream.range(0, layers)
        .boxed()
        .forEach(
            layer -> {
              String prefix = "model.layers." + layer + ".";
              names.forEach(name -> model.bfloats(prefix + name, fineTune, 16, 16));
              model.bfloats(prefix + "input_layernorm.weight", fineTune, 16);
            });
    model.bfloats("model.norm.weight", fineTune, 16).write();
  }
}

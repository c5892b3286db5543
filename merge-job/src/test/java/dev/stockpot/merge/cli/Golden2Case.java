package dev.stockpot.merge.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One case of the second golden set: a recipe, and what must come of it.
 *
 * @param translations of the recipe's text into our words, where ours are others
 * @param words of the command line that come on top
 */
record Golden2Case(String name, Map<String, String> translations, List<String> words) {
  static final Path ROOT = Path.of("../../shared/golden2");

  Golden2Case {
    requireNonNull(name, "name is null");
    translations = Map.copyOf(translations);
    words = List.copyOf(words);
  }

  static Golden2Case of(String name) {
    return new Golden2Case(name, Map.of(), List.of());
  }

  static List<Golden2Case> all(String... names) {
    return List.of(names).stream().map(Golden2Case::of).toList();
  }

  static boolean isHere() {
    return Files.isDirectory(ROOT);
  }

  /** With a part of the recipe's text in other words. */
  Golden2Case saying(String ours, String insteadOf) {
    Map<String, String> all = new HashMap<>(translations);
    all.put(insteadOf, ours);
    return new Golden2Case(name, all, words);
  }

  /** Merged with more words on the command line. */
  Golden2Case with(String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new Golden2Case(name, translations, all);
  }

  Path file(String file) {
    return ROOT.resolve("cases").resolve(name).resolve(file);
  }

  /** What {@code expected.json} says. */
  JsonObject expected() {
    return object(file("expected.json"));
  }

  GoldenTolerance tolerance() {
    return GoldenTolerance.of(expected().object("tolerance").orElseThrow());
  }

  static JsonObject object(Path file) {
    try {
      return Json.parse(Files.readAllBytes(file)).object().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    } catch (JsonException e) {
      throw new IllegalStateException(file.toString(), e);
    }
  }

  String recipe() throws IOException {
    String text = Files.readString(file("recipe.yml"));
    for (Map.Entry<String, String> translation : translations.entrySet()) {
      assertThat(text).as("recipe of %s", name).contains(translation.getKey());
      text = text.replace(translation.getKey(), translation.getValue());
    }
    return text;
  }

  /**
   * Merges by the command line.
   *
   * @param folder for the recipe and the output
   * @return the output
   */
  Path merge(Path folder) throws IOException {
    Path output = Files.createDirectories(folder).resolve("out");
    Path recipe = Files.writeString(folder.resolve("recipe.yml"), recipe());
    List<Object> all =
        new ArrayList<>(List.of("merge", recipe, output, "--set", "model-root=" + ROOT));
    all.addAll(words);
    CommandLineRun.of(all.toArray()).succeeds();
    return output;
  }

  /** Its tensors in a folder of their own, to be read. */
  Tensors expectedTensors(Path folder) throws IOException {
    Path copy = Files.createDirectories(folder.resolve("expected"));
    Files.copy(file("expected.safetensors"), copy.resolve("model.safetensors"));
    return new Tensors(copy);
  }

  /** Merges, and compares tensors and configuration. */
  Path holds(Path folder) throws IOException {
    Path output = merge(folder);
    tensorsAgree(new Tensors(output), expectedTensors(folder));
    configHolds(output);
    return output;
  }

  /** Names, shapes and values are those expected, and the type is. */
  void tensorsAgree(Tensors actual, Tensors expected) throws IOException {
    Map<String, TensorInfo> made = actual.checkpoint().tensors();
    Map<String, TensorInfo> wanted = expected.checkpoint().tensors();
    assertThat(made.keySet()).containsExactlyElementsOf(wanted.keySet());
    GoldenTolerance tolerance = tolerance();
    long unequal = 0;
    long values = 0;
    for (TensorInfo tensor : wanted.values()) {
      String each = tensor.name();
      assertThat(made.get(each).shape()).as(each).isEqualTo(tensor.shape());
      if (made.get(each).dtype() != DType.I64) {
        assertThat(made.get(each).dtype().name()).as(each).isEqualTo(type());
      }
      unequal += tolerance.check(each, actual.values(each), expected.values(each));
      values += tensor.shape().elements();
    }
    assertThat(unequal)
        .as("values that are not the correctly rounded ones, of %s", values)
        .isLessThanOrEqualTo((long) (tolerance.shareOff() * values));
  }

  private String type() {
    return switch (expected().text("dtype")) {
      case "float32" -> "F32";
      case "bfloat16" -> "BF16";
      default -> expected().text("dtype").toUpperCase(Locale.ROOT);
    };
  }

  /** The keys that the case names hold in {@code config.json}; null stands for absent, too. */
  void configHolds(Path output) {
    JsonObject config = expected().object("config").orElse(JsonObject.EMPTY);
    if (config.fields().isEmpty()) {
      return;
    }
    JsonObject actual = object(output.resolve("config.json"));
    config
        .fields()
        .forEach(
            (key, value) ->
                assertThat(actual.get(key).orElse(JsonValue.nothing())).as(key).isEqualTo(value));
  }

  @Override
  public String toString() {
    return name;
  }
}

package dev.stockpot.merge.align;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The specs that there are, and which of them a model is of. */
final class SpecCatalog {
  private static final List<String> FILES =
      List.of(
          "llama",
          "mixtral",
          "bert",
          "vit",
          "gpt2",
          "t5",
          "whisper",
          "resnet-hf",
          "resnet-hf-bottleneck",
          "resnet",
          "resnet-bottleneck",
          "resnet-preact",
          "resnet-preact-bottleneck",
          "vgg",
          "mlp");

  private static final List<PermutationSpec> ALL = FILES.stream().map(SpecCatalog::read).toList();

  private SpecCatalog() {}

  private static PermutationSpec read(String name) {
    String file = name + ".yml";
    try (InputStream in = SpecCatalog.class.getResourceAsStream(file)) {
      return SpecReader.read(file, new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<PermutationSpec> all() {
    return ALL;
  }

  /**
   * The units of a model, by the spec that its configuration names, else by the one that fits all
   * of its names.
   *
   * @param name of the model, for messages
   * @throws UserException if none fits
   */
  static ModelUnits of(String name, Model model) {
    Optional<String> type = model.config().tree().get("model_type").flatMap(it -> it.text());
    List<PermutationSpec> meant =
        ALL.stream()
            .filter(
                spec ->
                    type.isPresent() ? spec.models().contains(type.get()) : spec.models().isEmpty())
            .toList();
    List<String> obstacles = new ArrayList<>();
    for (PermutationSpec spec : meant) {
      if (has(spec, model.tensors().keySet())) {
        try {
          return units(spec, model);
        } catch (IllegalArgumentException e) {
          obstacles.add("spec %s: %s".formatted(spec.name(), e.getMessage()));
        }
      }
    }
    throw new UserException(
        "%s: nothing tells which units may change places: %s. Write that in a file, and name it as `spec` under `align`"
            .formatted(name, why(type, obstacles)));
  }

  private static String why(Optional<String> type, List<String> obstacles) {
    if (!obstacles.isEmpty()) {
      return String.join("; ", obstacles);
    }
    return type.map(it -> "no spec is for model_type %s".formatted(it))
        .orElse("it has no model_type, and its names fit no spec");
  }

  private static boolean has(PermutationSpec spec, Set<String> names) {
    return spec.needs().stream()
        .allMatch(needed -> names.stream().anyMatch(name -> needed.match(name).isPresent()));
  }

  /** The units of a model by a spec that somebody wrote. */
  static ModelUnits of(String name, Model model, PermutationSpec spec, String file) {
    try {
      return units(spec, model);
    } catch (IllegalArgumentException e) {
      throw new UserException("%s does not fit %s: %s".formatted(file, name, e.getMessage()), e);
    }
  }

  private static ModelUnits units(PermutationSpec spec, Model model) {
    return UnitsFinder.find(spec, model.tensors(), model.config().tree());
  }
}

package dev.stockpot.merge.commit;

import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.model.Model;
import java.util.Arrays;
import java.util.List;

/** The README.md of a merged checkpoint: what hubs and people read. */
final class ModelCard {
  static final String FILE_NAME = "README.md";

  private ModelCard() {}

  static String of(MergeFacts facts, List<Model> inputs) {
    StringBuilder card = new StringBuilder();
    card.append("---\nlibrary_name: transformers\ntags:\n- merge\n- stockpot\n---\n\n");
    card.append("# Merged model\n\n");
    card.append("Made by Stockpot with the method `").append(facts.method()).append("` of:\n\n");
    for (Model input : inputs) {
      card.append("- `").append(name(input)).append("`\n");
    }
    card.append("\nThe recipe:\n\n");
    facts.recipe().lines().forEach(line -> card.append("    ").append(line).append('\n'));
    card.append("\nInputs, parameters, seed and a checksum of every tensor are in `")
        .append(Manifest.FILE_NAME)
        .append("`; `stockpot verify` checks them.\n");
    return card.toString();
  }

  /** The last parts of its paths: those of a model and its adapters. */
  private static String name(Model input) {
    return Arrays.stream(input.folder().path().split("\\+", -1))
        .map(part -> part.substring(part.lastIndexOf('/') + 1))
        .collect(joining("+"));
  }
}

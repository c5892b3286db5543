package dev.stockpot.merge.commit;

import dev.stockpot.merge.model.Model;
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
      card.append("- `").append(input.folder().name()).append("`\n");
    }
    card.append("\nThe recipe:\n\n");
    facts.recipe().lines().forEach(line -> card.append("    ").append(line).append('\n'));
    card.append("\nInputs, parameters, seed and a checksum of every tensor are in `")
        .append(Manifest.FILE_NAME)
        .append("`; `stockpot verify` checks them.\n");
    return card.toString();
  }
}

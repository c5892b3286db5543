package dev.stockpot.merge.commit;

import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.CardFacts;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.output.RankCut;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The README.md of a merged checkpoint: what hubs and people read. */
final class ModelCard {
  static final String FILE_NAME = "README.md";

  private static final Pattern OF_HUB =
      Pattern.compile("hf://(?<id>[^@/]+/[^@/]+)@(?<commit>[0-9a-f]+)(?<folder>/.*)?");

  private ModelCard() {}

  static String of(MergeFacts facts, List<Model> inputs, OutputFolder output) {
    CardFacts known = output.card();
    boolean isAdapter = !output.isCheckpoint();
    StringBuilder card = new StringBuilder(known.frontMatter(isAdapter)).append('\n');
    card.append(isAdapter ? "# LoRA adapter\n\n" : "# Merged model\n\n");
    card.append("Made by Stockpot with the method `").append(facts.method()).append("` of:\n\n");
    for (Model input : inputs) {
      card.append("- ").append(described(input)).append('\n');
    }
    card.append("\nThe recipe:\n\n");
    facts.recipe().lines().forEach(line -> card.append("    ").append(line).append('\n'));
    appendCuts(card, facts.matrices().cuts());
    card.append("\nInputs, parameters, seed and a checksum of every tensor are in `")
        .append(Manifest.FILE_NAME)
        .append("`; `stockpot verify` checks them.\n");
    return card.toString();
  }

  /** A table of how near the adapter comes to the change of each module. */
  private static void appendCuts(StringBuilder card, Map<String, RankCut> cuts) {
    if (cuts.isEmpty()) {
      return;
    }
    card.append(
        "\nWhat the adapter leaves out of the change of each module, in units of its length:\n\n");
    card.append("| module | rank | error | stable rank |\n| --- | --- | --- | --- |\n");
    for (String module : NaturalOrder.sort(cuts.keySet(), name -> name)) {
      RankCut cut = cuts.get(module);
      card.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %d | %.4f | %.2f |\n",
              module,
              cut.rank(),
              cut.error(),
              cut.stableRank()));
    }
  }

  private static Optional<Matcher> ofHub(Model input) {
    return Optional.of(OF_HUB.matcher(input.folder().path())).filter(Matcher::matches);
  }

  private static String described(Model input) {
    return ofHub(input)
        .map(
            model ->
                "[`%s`](https://huggingface.co/%1$s) at `%s`%s"
                    .formatted(
                        model.group("id"),
                        model.group("commit"),
                        Optional.ofNullable(model.group("folder"))
                            .map(" in `%s`"::formatted)
                            .orElse("")))
        .orElseGet(() -> "`%s`".formatted(name(input)));
  }

  /** The last parts of its paths: those of a model and its adapters. */
  private static String name(Model input) {
    return Arrays.stream(input.folder().path().split("\\+", -1))
        .map(part -> part.substring(part.lastIndexOf('/') + 1))
        .collect(joining("+"));
  }
}

package dev.stockpot;

import static java.util.Map.entry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which package may use which, below {@code dev.stockpot}; docs/architecture.md shows them. */
final class Arrows {
  /** Arrows mean "may use, with all that follows from there". */
  static final Map<String, Set<String>> ALL =
      Map.ofEntries(
          entry("merge.cli..", Set.of("merge.run..")),
          entry("merge.table..", Set.of("merge.run..")),
          entry(
              "merge.run..",
              Set.of(
                  "merge.settings..",
                  "merge.spark..",
                  "merge.commit..",
                  "merge.report..",
                  "merge.advice..",
                  "merge.extract..",
                  "merge.compose..",
                  "merge.vocabulary..",
                  "merge.mixture..",
                  "merge.trial..",
                  "merge.hub..",
                  "merge.gguf..",
                  "merge.sharded..")),
          entry("merge.extract..", Set.of("merge.plan..", "merge.adapter..")),
          entry("merge.adapter..", Set.of("merge.quantised..", "merge.safetensors..")),
          entry("merge.settings..", Set.of("merge.recipe..")),
          entry("merge.spark..", Set.of("merge.engine..", "merge.predict..")),
          entry("merge.predict..", Set.of("merge.json..", "kernels.random..")),
          entry("merge.engine..", Set.of("merge.part..")),
          entry("merge.part..", Set.of("merge.plan..", "merge.align..", "kernels..")),
          entry(
              "merge.align..",
              Set.of(
                  "merge.recipe..", "merge.statistics..", "kernels.methods..", "kernels.scalar..")),
          entry("merge.commit..", Set.of("merge.part..", "merge.safetensors..")),
          entry("merge.report..", Set.of("merge.plan..")),
          entry("merge.advice..", Set.of("merge.plan..")),
          entry(
              "merge.plan..",
              Set.of(
                  "merge.recipe..",
                  "merge.output..",
                  "merge.quantised..",
                  "merge.compare..",
                  "merge.statistics..",
                  "kernels.methods..",
                  "kernels.observe..")),
          entry(
              "merge.compose..",
              Set.of(
                  "merge.recipe..", "merge.output..", "merge.statistics..", "kernels.methods..")),
          entry(
              "merge.vocabulary..",
              Set.of("merge.recipe..", "merge.output..", "merge.model..", "kernels.methods..")),
          entry(
              "merge.mixture..",
              Set.of(
                  "merge.recipe..",
                  "merge.safetensors..",
                  "merge.statistics..",
                  "kernels.methods..")),
          entry("merge.quantised..", Set.of("merge.model..")),
          entry("merge.gguf..", Set.of("merge.model..")),
          entry("merge.sharded..", Set.of("merge.model..", "merge.safetensors..")),
          entry("merge.compare..", Set.of("merge.json..")),
          entry("merge.statistics..", Set.of("merge.model..")),
          entry("merge.model..", Set.of("merge.checkpoint..", "kernels.method..")),
          entry("merge.recipe..", Set.of("kernels.method..")),
          entry("merge.safetensors..", Set.of("merge.output..")),
          entry("merge.output..", Set.of("merge.checkpoint..", "merge.structure..")),
          entry(
              "merge.checkpoint..", Set.of("merge.storage..", "merge.json..", "kernels.number..")),
          entry("merge.storage..", Set.of()),
          entry("merge.hub..", Set.of("merge.storage..", "merge.json..")),
          entry("merge.json..", Set.of()),
          entry(
              "merge.trial..",
              Set.of("merge.recipe..", "merge.choose..", "merge.evaluate..", "merge.storage..")),
          entry("merge.choose..", Set.of("kernels.matrix..")),
          entry("merge.evaluate..", Set.of("merge.json..")),
          entry("merge.structure..", Set.of()),
          // without two dots: the package alone, not those below it
          entry("kernels.observe..", Set.of("kernels.method..")),
          entry("kernels.methods..", Set.of("kernels.method..")),
          entry("kernels.method..", Set.of("kernels.matrix..")),
          entry("kernels.matrix..", Set.of("kernels")),
          entry(
              "kernels",
              Set.of(
                  "kernels.device..",
                  "kernels.random..",
                  "kernels.statistic..",
                  "kernels.number..")),
          entry("kernels.device..", Set.of("kernels.block..")),
          entry("kernels.statistic..", Set.of("kernels.block..")),
          entry("kernels.random..", Set.of()),
          entry("kernels.block..", Set.of()),
          entry("kernels.number..", Set.of()));

  private Arrows() {}

  /** What a package may use, itself among it. */
  static Set<String> reachableFrom(String name) {
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(name));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (reached.add(next)) {
        open.addAll(ALL.getOrDefault(next, Set.of()));
      }
    }
    return reached;
  }
}

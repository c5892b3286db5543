package dev.stockpot.merge.report;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.Secrets;
import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PlannedTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a merge, or of the difference of two checkpoints.
 *
 * @param models every model that a figure is about, in the order in which they are met
 * @param tensors in the order of the output
 */
public record Report(Heading heading, List<String> models, List<ReportTensor> tensors) {

  /**
   * What stands above the figures.
   *
   * @param recipe its text, without what looks like a key; empty if there is none
   * @param notices what a user should know though nothing is wrong
   * @param trials that led to the recipe, as a manifest has them; none if it was not chosen
   * @param alternatives to what was chosen, as a manifest has them; none if none are known
   * @param made by what, as far as that is said
   */
  public record Heading(
      String title,
      String method,
      Optional<String> base,
      String recipe,
      List<String> notices,
      List<JsonObject> trials,
      List<JsonObject> alternatives,
      Made made) {
    public Heading {
      recipe = Secrets.hidden(recipe);
      notices = notices.stream().map(Secrets::hidden).toList();
      trials = List.copyOf(trials);
      alternatives = List.copyOf(alternatives);
    }

    /** One that does not say by what it was made. */
    public Heading(
        String title,
        String method,
        Optional<String> base,
        String recipe,
        List<String> notices,
        List<JsonObject> trials) {
      this(title, method, base, recipe, notices, trials, List.of(), Made.UNKNOWN);
    }
  }

  /**
   * How that was made which a report is of. Not where it lies, nor when: the same merge has the
   * same report.
   *
   * @param version of Stockpot
   * @param parameters in words, by model; those of the merge as a whole by the empty text
   */
  public record Made(String version, Map<String, String> parameters) {
    static final Made UNKNOWN = new Made("", Map.of());

    public Made {
      parameters = Map.copyOf(parameters);
    }
  }

  public Report {
    models = List.copyOf(models);
    tensors = List.copyOf(tensors);
  }

  /** The name of the page, which people open, among its files. */
  public static final String PAGE = ReportFiles.PAGE;

  /** Its files by name: a page that needs nothing beside it, and its numbers as Parquet. */
  public Map<String, ByteBuffer> files() {
    return ReportFiles.of(this);
  }

  /** The report of a merge. */
  public static Report of(
      Heading heading,
      MergePlan plan,
      Map<String, Figures> figures,
      Map<String, LostUpdates> updates,
      Map<String, NonFinite> nonFinite) {
    List<PlannedTensor> placed = new ArrayList<>();
    for (OutputShard shard : plan.shards()) {
      shard.tensors().forEach(tensor -> placed.add(tensor.tensor()));
    }
    List<PlannedTensor> planned = NaturalOrder.sort(placed, tensor -> output(tensor).name());
    Map<String, TensorPlace> places = places(planned.stream().map(Report::output).toList());
    List<ReportTensor> tensors = new ArrayList<>();
    for (PlannedTensor tensor : planned) {
      String name = output(tensor).name();
      Optional<Figures> seen =
          Optional.ofNullable(figures.get(name)).filter(any -> !tensor.models().isEmpty());
      tensors.add(
          new ReportTensor(
              output(tensor),
              places.get(name),
              seen.map(found -> models(tensor, found)).orElse(List.of()),
              seen,
              Optional.ofNullable(updates.get(name)),
              Optional.ofNullable(nonFinite.get(name))));
    }
    return of(heading, tensors);
  }

  /** The report of how one checkpoint differs from its base, tensor by tensor. */
  public static Report ofDifference(
      Heading heading, String model, List<OutputTensor> tensors, Map<String, Figures> figures) {
    Map<String, TensorPlace> places = places(tensors);
    return of(
        heading,
        tensors.stream()
            .map(
                tensor ->
                    new ReportTensor(
                        tensor,
                        places.get(tensor.name()),
                        List.of(model),
                        Optional.of(figures.get(tensor.name())),
                        Optional.empty(),
                        Optional.empty()))
            .toList());
  }

  /** The report of trials of which nothing was merged. */
  public static Report ofTrials(Heading heading) {
    return new Report(heading, List.of(), List.of());
  }

  private static Report of(Heading heading, List<ReportTensor> tensors) {
    Set<String> models = new LinkedHashSet<>();
    tensors.forEach(tensor -> models.addAll(tensor.models()));
    return new Report(heading, List.copyOf(models), tensors);
  }

  private static Map<String, TensorPlace> places(List<OutputTensor> tensors) {
    return TensorPlace.of(tensors.stream().map(OutputTensor::name).toList());
  }

  private static OutputTensor output(PlannedTensor tensor) {
    return tensor.output();
  }

  /** Names of the models; one that takes part twice has two. */
  private static List<String> models(PlannedTensor tensor, Figures figures) {
    List<String> names = new ArrayList<>();
    for (int input : figures.view().models()) {
      String path = tensor.models().get(input).getKey();
      String name = path;
      for (int more = 2; names.contains(name); more++) {
        name = "%s #%s".formatted(path, more);
      }
      names.add(name);
    }
    return names;
  }

  boolean hasBase() {
    return tensors.stream()
        .flatMap(tensor -> tensor.figures().stream())
        .anyMatch(figures -> figures.view().hasBase());
  }
}

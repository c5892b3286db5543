package dev.stockpot.merge.plan;

import dev.stockpot.merge.compare.ConfigComparison;
import dev.stockpot.merge.compare.Described;
import dev.stockpot.merge.compare.Difference;
import dev.stockpot.merge.compare.Layouts;
import dev.stockpot.merge.compare.Naming;
import dev.stockpot.merge.compare.OtherNames;
import dev.stockpot.merge.compare.TrainerWrappers;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.structure.Structure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares the models of a recipe with the one that gives the configuration, and calls their
 * tensors as that one does.
 */
final class ComparedModels {
  /** Flags without which a class has no biases. */
  private static final Pattern BIAS_FLAG = Pattern.compile("(.*[._])?bias");

  /** Names of fewer tensors tell nothing of whose they are. */
  private static final int LEAST_TENSORS = 8;

  private static final Pattern QUANTISATION =
      Pattern.compile("(^|\\.)(quantization|quantization_config)\\.");

  private final Recipe recipe;
  private final boolean isDequantised;
  private final Map<ModelReference, Model> models = new LinkedHashMap<>();
  private final Model donor;
  private final Described donorSays;

  private final List<String> notices = new ArrayList<>();
  private final Map<ModelReference, String> problems = new LinkedHashMap<>();
  private final List<String> copiedBiases = new ArrayList<>();

  /**
   * Compares them.
   *
   * @param isDequantised whether it does not count how weights are stored
   */
  ComparedModels(Recipe recipe, Map<ModelReference, Model> models, boolean isDequantised) {
    this.recipe = recipe;
    this.isDequantised = isDequantised;
    this.donor = models.get(recipe.donor());
    this.donorSays = described(recipe.donor(), donor);
    models.forEach(
        (reference, model) ->
            this.models.put(reference, laidOut(reference, named(reference, model))));
    this.models.forEach(this::compare);
    addWrapped();
  }

  /** What libraries would not find in the output, since it is called as in the donor. */
  private void addWrapped() {
    TrainerWrappers.in(donor.tensors().keySet())
        .map(TrainerWrappers::words)
        .filter(words -> !words.isEmpty())
        .map(words -> String.join(", ", words))
        .ifPresent(
            words ->
                notices.add(
                    "names of tensors of %1$s, and so of the result, have modules of a trainer (%2$s), and libraries look for names without: `rename: [%2$s]` beside it takes them off"
                        .formatted(recipe.donor(), words)));
  }

  private Described described(ModelReference reference, Model model) {
    Map<String, String> values = new LinkedHashMap<>(model.config().values());
    if (isDequantised) {
      values.keySet().removeIf(key -> QUANTISATION.matcher(key).find());
    }
    return new Described(reference.toString(), values, model.config().nulls());
  }

  private Model named(ModelReference reference, Model model) {
    Naming naming = Naming.of(donor.tensors().keySet(), model.tensors().keySet());
    if (reference.equals(recipe.donor()) || !naming.isNeeded()) {
      return model;
    }
    notices.add(
        "tensors of %s are called as in %s: %s"
            .formatted(reference, recipe.donor(), naming.words()));
    return model.renamed(naming::of);
  }

  private Model laidOut(ModelReference reference, Model model) {
    List<String> families = new ArrayList<>(donorSays.families());
    families.addAll(described(reference, model).families());
    Optional<Model> laidOut =
        reference.equals(recipe.donor()) ? Optional.empty() : Relaid.of(donor, model, families);
    laidOut.ifPresent(
        any ->
            notices.add(
                "%s: those of %s are read as %s has them"
                    .formatted(
                        layouts(reference, model).orElseThrow(), reference, recipe.donor())));
    return laidOut.orElse(model);
  }

  private Optional<String> layouts(ModelReference reference, Model model) {
    return Layouts.difference(
        recipe.donor().toString(),
        donor.tensors().keySet(),
        reference.toString(),
        model.tensors().keySet());
  }

  private void compare(ModelReference reference, Model model) {
    if (reference.equals(recipe.donor())) {
      return;
    }
    Map<String, String> unlike = donor.surroundings().parts().unlike(model.surroundings().parts());
    if (model.surroundings().parts().haveWeights() && !unlike.isEmpty()) {
      problems.put(reference, otherParts(reference, unlike));
      return;
    }
    List<Difference> differences = ConfigComparison.of(donorSays, described(reference, model));
    String nonsense = words(differences, Difference.Weight.NONSENSE);
    String meant = words(differences, Difference.Weight.PERHAPS_MEANT);
    if (!nonsense.isEmpty()) {
      problems.put(
          reference,
          "%s. What one has learnt means nothing to the other: take models of one architecture and size, or"
                  .formatted(nonsense)
              + " mend the config.json that is wrong");
      return;
    }
    Set<String> ours = donor.tensors().keySet();
    Set<String> theirs = model.tensors().keySet();
    Optional<String> layouts = layouts(reference, model);
    if (layouts.isPresent()) {
      problems.put(
          reference,
          layouts.get()
              + ". Load both with one version of the library that made them, and save them again");
      return;
    }
    Optional<OtherNames.Counterparts> counterparts =
        OtherNames.of(alone(donor, model), alone(model, donor));
    if (counterparts.isPresent()) {
      problems.put(reference, otherNames(reference, counterparts.get()));
    } else if (areStrangers(ours, theirs)) {
      problems.put(
          reference,
          "%s and %s have hardly a tensor of the same name (%s there, %s here): they are not one model"
                  .formatted(recipe.donor(), reference, first(ours, theirs), first(theirs, ours))
              + " twice, and one beside the other would be none");
    } else if (!meant.isEmpty()) {
      notices.add("%s; the result has the configuration of %s".formatted(meant, recipe.donor()));
    }
  }

  /**
   * What a model has, the other has not, and nothing that the other has stands for. Codes and whole
   * numbers are left to those who know them.
   */
  private static Map<String, List<Long>> alone(Model model, Model other) {
    Map<String, List<Long>> alone = new LinkedHashMap<>();
    model
        .tensors()
        .forEach(
            (name, source) -> {
              if (!other.tensors().containsKey(name) && source.dtype().isReadable()) {
                alone.put(name, source.shape().dimensions());
              }
            });
    if (!alone.isEmpty()) {
      Structure structure = ConfigTree.structure(other);
      Set<String> held = other.tensors().keySet();
      alone.keySet().removeIf(name -> structure.twinOf(name, held, held::contains).isPresent());
    }
    return alone;
  }

  private String otherParts(ModelReference reference, Map<String, String> unlike) {
    return "%s and %s are made of other parts: %s. Merge models of the same modules or components"
        .formatted(
            recipe.donor(),
            reference,
            unlike.entrySet().stream()
                .map(part -> "%s is %s".formatted(part.getKey(), part.getValue()))
                .collect(Collectors.joining("; ")));
  }

  private String otherNames(ModelReference reference, OtherNames.Counterparts counterparts) {
    return "%s and %s have %s of one shape under two names, for example %s there and %s here: both in one"
            .formatted(
                recipe.donor(),
                reference,
                Gathering.tensors(counterparts.pairs()),
                counterparts.one(),
                counterparts.other())
        + " output would be two models side by side. Load both with one version of the library that"
        + " made them, and save them again";
  }

  private static String words(List<Difference> differences, Difference.Weight weight) {
    return differences.stream()
        .filter(difference -> difference.weight() == weight)
        .map(Difference::words)
        .collect(Collectors.joining("; "));
  }

  /** Whether less than half of the smaller model's tensors have the name of one of the other's. */
  private static boolean areStrangers(Set<String> ours, Set<String> theirs) {
    long shared = ours.stream().filter(theirs::contains).count();
    int fewest = Math.min(ours.size(), theirs.size());
    return fewest >= LEAST_TENSORS && 2 * shared < fewest;
  }

  private static String first(Set<String> names, Set<String> others) {
    return names.stream().filter(name -> !others.contains(name)).findFirst().orElse("none");
  }

  /** The models, their tensors called as those of the donor. */
  Map<ModelReference, Model> models() {
    return models;
  }

  /** Whether what models lack or hold otherwise has been explained by what they are. */
  boolean explainAll() {
    return !problems.isEmpty();
  }

  /** Which sizes of a configuration explain other shapes, as a remark in brackets. */
  String sizes(ModelReference reference) {
    List<String> sizes =
        ConfigComparison.sizes(donorSays, described(reference, models.get(reference)));
    return sizes.isEmpty() ? "" : " (%s)".formatted(String.join("; ", sizes));
  }

  /** Notes a tensor that is copied because some models lack it. */
  void addCopied(String output) {
    if (output.endsWith("bias") && !donor.tensors().containsKey(output)) {
      copiedBiases.add(output);
    }
  }

  void report(Problems found) {
    Set<ModelReference> told = new LinkedHashSet<>();
    for (Slice slice : recipe.slices()) {
      for (Source source : slice.sources()) {
        String problem = problems.get(source.model());
        if (problem != null && told.add(source.model())) {
          found.add(source.line(), problem);
        }
      }
    }
  }

  List<String> notices() {
    List<String> all = new ArrayList<>(notices);
    List<String> flags =
        donor.config().values().entrySet().stream()
            .filter(entry -> BIAS_FLAG.matcher(entry.getKey()).matches())
            .filter(entry -> entry.getValue().equals("false"))
            .map(entry -> entry.getKey() + " is false")
            .toList();
    if (!copiedBiases.isEmpty()) {
      all.add(
          "%s has no %s, and the result has its configuration%s: loaders will leave them out"
              .formatted(
                  recipe.donor(),
                  Gathering.examples(copiedBiases),
                  flags.isEmpty() ? "" : " (%s)".formatted(String.join(", ", flags))));
    }
    return all;
  }
}

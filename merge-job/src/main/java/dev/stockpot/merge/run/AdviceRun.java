package dev.stockpot.merge.run;

import dev.stockpot.kernels.observe.KinshipView;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.advice.Advisor;
import dev.stockpot.merge.advice.Kinship;
import dev.stockpot.merge.advice.Known;
import dev.stockpot.merge.advice.Pair;
import dev.stockpot.merge.advice.Proposal;
import dev.stockpot.merge.advice.Verdict;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Proposes a recipe for models. Whether they can be merged at all is asked of whoever plans merges,
 * and so is whether what is proposed can be made.
 */
final class AdviceRun {
  private final Places places;
  private final Settings settings;
  private final KinshipRun looking;
  private final List<String> remarks = new ArrayList<>();

  AdviceRun(Places places, Settings settings, EngineSource engines, MergeListener listener) {
    this.places = places;
    this.settings = settings;
    this.looking = new KinshipRun(places, settings, engines, listener);
  }

  /**
   * Looks and proposes.
   *
   * @param base that the others began at, if it is known
   * @throws UserException with what is wrong, or why nothing is worth a merge
   */
  Proposal run(List<String> models, Optional<String> base) throws IOException {
    NamedModels named = NamedModels.of(models, base, places);
    remarks.addAll(named.remarks());
    MergeableModels fitting = MergeableModels.of(named, this::planned);
    remarks.addAll(fitting.remarks());
    List<String> names = new ArrayList<>(fitting.names());
    Optional<String> origin = named.base();
    origin.filter(any -> !names.contains(any)).ifPresent(names::add);
    Kinship kinship = looked(fitting, names, origin);
    List<String> apart = withoutCopies(kinship);
    if (apart.size() < names.size()) {
      kinship = looked(fitting, apart, origin);
    }
    OptionalInt found = origin.isPresent() ? OptionalInt.empty() : kinship.base();
    if (found.isPresent()) {
      String first = kinship.models().get(found.getAsInt());
      remarks.add(
          "%s was found to be the base: seen from it, the others lie in directions of their own. Name another with --base."
              .formatted(first));
      kinship = looked(fitting, kinship.models(), Optional.of(first));
    }
    kinship.notices().stream().map(notice -> notice + ".").forEach(remarks::add);
    return first(
        Advisor.proposals(kinship, known(fitting, named, origin.isPresent() || found.isPresent())));
  }

  private Planned planned(String recipe) throws IOException {
    WrittenRecipe written = MergeRecipe.built(recipe).read(places.store(), UnknownKeys.ERROR);
    return Planned.of(written.ofOneMerge(), places, settings, Optional.empty());
  }

  private Kinship looked(MergeableModels fitting, List<String> names, Optional<String> base)
      throws IOException {
    if (names.size() < 2) {
      throw new UserException(
          "there is %s only: name two models or more, or one and --base".formatted(names.get(0)));
    }
    return looking.of(
        names.stream().map(fitting::model).toList(),
        names,
        base.map(names::indexOf).orElse(KinshipView.NO_BASE),
        /* isSample= */ true);
  }

  /** Of models with the same weights the first; the base before all others. */
  private List<String> withoutCopies(Kinship kinship) {
    Set<String> left = new LinkedHashSet<>();
    for (Pair pair : allPairs(kinship)) {
      if (pair.verdict() == Verdict.SAME && !left.contains(pair.one()) && left.add(pair.other())) {
        remarks.add(
            "%s is left out: it has the weights of %s, as far as was looked."
                .formatted(pair.other(), pair.one()));
      }
    }
    List<String> apart = new ArrayList<>(kinship.models());
    apart.removeAll(left);
    if (apart.size() < 2) {
      throw new UserException(
          "%s have the same weights: there is nothing to merge"
              .formatted(String.join(", ", kinship.models())));
    }
    return apart;
  }

  private static List<Pair> allPairs(Kinship kinship) {
    List<Pair> pairs = new ArrayList<>(kinship.pairsWithBase());
    pairs.addAll(kinship.pairs());
    return pairs;
  }

  private Known known(MergeableModels fitting, NamedModels named, boolean hasBase) {
    Model first = fitting.model(fitting.names().get(0));
    if (!hasBase) {
      fitting.namedBases().ifPresent(remarks::add);
    }
    return new Known(
        first.config().values().getOrDefault("architectures", "").replaceAll("[\\[\\]\"]", ""),
        fitting.tokenizer(),
        named.areAdapters(),
        first.tensors().keySet().stream().anyMatch(name -> name.endsWith("running_mean")),
        remarks);
  }

  /** The first that can be planned. */
  private Proposal first(List<Proposal> proposals) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Proposal proposal : proposals) {
      try {
        planned(proposal.recipe());
        return proposal;
      } catch (UserException e) {
        problems.add("%sBut:\n%s".formatted(Proposal.comments(proposal.reasons()), e.getMessage()));
      }
    }
    throw new UserException(String.join("\n", problems));
  }
}

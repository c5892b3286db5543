package dev.stockpot.merge.run;

import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.method.Judgement.Verdict;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.EarlierRound;
import dev.stockpot.merge.commit.MergeFacts;
import dev.stockpot.merge.commit.MergeIdentity;
import dev.stockpot.merge.commit.PublishedMerge;
import dev.stockpot.merge.commit.RoundFacts;
import dev.stockpot.merge.commit.UnfinishedMerge;
import dev.stockpot.merge.engine.MergeTasks;
import dev.stockpot.merge.engine.MergeTotals;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.recipe.RoundChoice;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A merge that is planned, where it goes, and what its manifest will say of it.
 *
 * @param merge as it was asked for
 */
record PlannedOutput(Merge merge, Planned planned, MergeFacts facts) {
  /** What S3 takes for a part. */
  private static final long LEAST_PART = 5L << 20;

  static PlannedOutput of(Merge merge, Planned planned, Settings settings) throws IOException {
    return new PlannedOutput(
        merge,
        planned,
        new MergeFacts(
                planned.recipe().text(),
                planned.recipe().method().name(),
                settings.seed(),
                settings.rounding(),
                Map.of("stockpot", BuildVersion.stockpot()))
            .chosenBy(merge.recipe().chosenBy())
            .after(planned.stages().stream().map(PlannedStage::model).toList())
            .of(round(planned))
            .knowing(planned.found()));
  }

  private static Optional<RoundFacts> round(Planned planned) throws IOException {
    Optional<RoundChoice> round = planned.recipe().round();
    if (round.isEmpty()) {
      return Optional.empty();
    }
    Optional<EarlierRound> earlier =
        round.get().isFresh()
            ? Optional.empty()
            : EarlierRound.in(planned.places().store(), planned.donor().folder());
    return Optional.of(
        new RoundFacts(
            round.get().number(), planned.recipe().donor().path(), earlier, Optional.empty()));
  }

  /** This, knowing what was found out about clients; those that are left out are told. */
  PlannedOutput knowing(Optional<Judgement> found) {
    if (facts.round().isEmpty() || found.isEmpty()) {
      return this;
    }
    RoundFacts known = facts.round().get().knowing(found);
    known.earlier().ifPresent(before -> before.require(found.get()));
    List<Verdict> verdicts = found.get().verdicts();
    List<String> names = clients();
    for (Verdict verdict : verdicts) {
      if (!verdict.isAccepted()) {
        merge
            .listener()
            .noticed("%s is left out: %s".formatted(names.get(verdict.input()), verdict.why()));
      }
    }
    if (verdicts.stream().noneMatch(verdict -> verdict.weight() != 0)) {
      throw new UserException(
          "All %s clients of round %s are left out: %s. There is nothing to go on with; wait for others"
              .formatted(verdicts.size(), known.number(), verdicts.get(0).why()));
    }
    return new PlannedOutput(merge, planned, facts.of(Optional.of(known)));
  }

  /** Names of the models in the order in which methods see them. */
  private List<String> clients() {
    return planned.recipe().slices().get(0).sources().stream()
        .map(source -> source.model().path())
        .toList();
  }

  Location folder() {
    return merge.folder();
  }

  /** This, knowing all that must be found out before anything is made: mostly nothing. */
  PlannedOutput surveyed(Supplier<MergeTasks> tasks, Settings settings) throws IOException {
    if (planned.adapter().isEmpty()) {
      return this;
    }
    PlanSettings cuts =
        Planned.cuts(settings)
            .withHeavyParts(folder().isPlainPath() ? 1 : Math.min(settings.partSize(), LEAST_PART));
    MergePlan known =
        new AdapterSurvey(tasks.get(), cuts, merge.listener()::scanned).of(planned.adapter().get());
    return new PlannedOutput(merge, planned.with(known), facts);
  }

  /** Tells of the plan. */
  void announce(Settings settings, int merges) {
    merge.listener().planned(PlannedMerge.of(planned, settings, merges));
    planned.notices().forEach(merge.listener()::noticed);
    idleTasks(settings).ifPresent(merge.listener()::noticed);
  }

  /** Digests of few large shards leave tasks without work. */
  private Optional<String> idleTasks(Settings settings) {
    int shards = planned.plan().shards().size();
    boolean couldBeMore = shards < settings.tasks() && planned.plan().parts().size() > shards;
    return settings.sha256() && couldBeMore
        ? Optional.of(
            "sha256=true has each shard made by one task, and there are %s for %s tasks at once. A smaller shard-size than %s bytes lets more of them work"
                .formatted(shards, settings.tasks(), settings.shardSize()))
        : Optional.empty();
  }

  /** What its bytes hang on: an earlier merge that it goes on with must have had the same. */
  MergeIdentity identity(Settings settings, Optional<DType> dtype) {
    Map<String, String> hangOn = new TreeMap<>(settings.bytesHangOn());
    hangOn.put("--dtype", dtype.map(DType::name).orElse("none"));
    return MergeIdentity.of(facts, hangOn, models(), planned.plan());
  }

  /** Whether an earlier merge published the same; if it died just then, what it left goes. */
  boolean isDone(ObjectStore store, MergeOptions options) throws IOException {
    boolean isDone =
        options.resume()
            && options.overwrite() == Overwrite.NOTHING
            && PublishedMerge.isIn(store, folder(), facts, models(), planned.plan());
    if (isDone) {
      UnfinishedMerge.discard(store, folder());
    }
    return isDone;
  }

  private List<Model> models() {
    return List.copyOf(planned.models().values());
  }

  /** What became of it if an earlier merge had made it. */
  MergeOutcome alreadyThere(double seconds) {
    return outcome(true, MergeTotals.NONE, facts, seconds);
  }

  /**
   * What became of it.
   *
   * @param known with what was found on the way
   */
  MergeOutcome outcome(boolean alreadyThere, MergeTotals totals, MergeFacts known, double seconds) {
    MergePlan plan = planned.plan();
    return new MergeOutcome(
        folder().path(),
        alreadyThere,
        planned.recipe().method().name(),
        planned.models().size(),
        plan.tensors(),
        plan.shards().size(),
        plan.bytesWritten(),
        seconds,
        totals,
        LostChanges.of(plan, known),
        BrokenNumbers.of(plan, known),
        known.matrices().cuts(),
        MeasuredMatrices.of(known.matrices()));
  }
}

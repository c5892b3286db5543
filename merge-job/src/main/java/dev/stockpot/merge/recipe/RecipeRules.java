package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Parameter.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a method asks of the models and parameters of a recipe. */
final class RecipeRules {
  private final Draft draft;
  private final Problems problems;
  private final String method;
  private final Arity arity;

  RecipeRules(Draft draft, Problems problems) {
    this.draft = draft;
    this.problems = problems;
    this.method = draft.method().name();
    this.arity = draft.arity();
  }

  void check() {
    problems.addIf(draft.slices().isEmpty(), draft.methodLine(), "there is nothing to merge");
    checkThatThereIsABase();
    for (Slice slice : draft.slices()) {
      checkBase(slice);
      checkCount(slice);
      checkLayers(slice);
      checkRequiredOfModels(slice);
    }
    checkRequiredOfMerge();
    checkRenames();
    new AlignRules(draft, problems).check();
  }

  private void checkThatThereIsABase() {
    boolean noneAnywhere = draft.slices().stream().allMatch(slice -> draft.baseOf(slice).isEmpty());
    if (arity.needsBase() && noneAnywhere && !draft.isBaseUnreadable()) {
      problems.add(
          draft.methodLine(),
          "%s needs a base model; add a line `base_model: PATH`".formatted(method));
    }
  }

  private void checkBase(Slice slice) {
    Optional<ModelReference> base = draft.baseOf(slice);
    if (arity.base() == Arity.Base.DONOR) {
      slice
          .base()
          .ifPresent(
              own ->
                  problems.add(
                      own.line(),
                      "%s has no use for a slice's own base model; remove the line"
                          .formatted(method)));
      return;
    }
    if (draft.doubtful().contains(slice)) {
      return;
    }
    if (base.isEmpty()) {
      boolean othersHaveOne = draft.slices().stream().anyMatch(other -> other.base().isPresent());
      problems.addIf(
          othersHaveOne && arity.needsBase(),
          slice.line(),
          "this slice has no base model, and %s needs one; add `base_model: PATH` to the slice or"
                  .formatted(method)
              + " the recipe");
    } else if (!slice.lists(base.get())) {
      problems.add(
          draft.wholeModels() ? base.get().line() : slice.line(),
          "%s %s: list `%s` among %s"
              .formatted(
                  method,
                  arity.takesOrigin()
                      ? "compares every source with its base model"
                      : "merges its base model",
                  base.get(),
                  draft.wholeModels() ? "the models" : "this slice's sources"));
    }
  }

  private void checkCount(Slice slice) {
    boolean isBaseUnknown = arity.needsBase() && draft.baseOf(slice).isEmpty();
    if (draft.doubtful().contains(slice) || isBaseUnknown) {
      return;
    }
    long count = slice.sources().stream().filter(source -> !draft.isOrigin(slice, source)).count();
    boolean hasPattern = slice.sources().stream().anyMatch(source -> source.model().isPattern());
    boolean tooFew = count < arity.fewest() && !hasPattern; // a pattern may match many
    // a missing base has been reported, and listing it makes one more
    boolean isMissingTheBase =
        arity.base() == Arity.Base.ONE_OF_THEM && !slice.lists(draft.baseOf(slice).orElseThrow());
    if ((tooFew && !isMissingTheBase) || count > arity.most()) {
      problems.add(
          slice.line(),
          "%s takes %s, and there %s %s here; %s"
              .formatted(
                  method,
                  wanted(),
                  count == 1 ? "is" : "are",
                  count == 0 ? "none" : count,
                  tooFew
                      ? "add " + (arity.fewest() - count)
                      : "remove %s or choose another `merge_method`"
                          .formatted(count - arity.most())));
    }
  }

  /** A model is one view in all of a recipe: its rules are the same wherever it is listed. */
  private void checkRenames() {
    Map<ModelReference, Source> first = new HashMap<>();
    for (Slice slice : draft.slices()) {
      for (Source source : slice.sources()) {
        Source earlier = first.putIfAbsent(source.model(), source);
        if (earlier != null && !isAlike(earlier.renames(), source.renames())) {
          problems.add(
              source.line(),
              "`%s` is renamed otherwise than in line %s; give it the same `rename` in both places"
                  .formatted(source.model(), earlier.line()));
        }
      }
    }
  }

  private static boolean isAlike(List<Rename> one, List<Rename> other) {
    return one.stream()
        .map(rule -> List.of(rule.from(), rule.to()))
        .toList()
        .equals(other.stream().map(rule -> List.of(rule.from(), rule.to())).toList());
  }

  private String wanted() {
    String number;
    if (arity.fewest() == arity.most()) {
      number = "exactly " + arity.fewest();
    } else if (arity.most() == Arity.ANY) {
      number = "at least " + arity.fewest();
    } else {
      number = arity.fewest() + " to " + arity.most();
    }
    String models =
        number + (arity.most() == 1 || number.endsWith("least 1") ? " model" : " models");
    return switch (arity.base()) {
      case ORIGIN -> models + " beside its base model";
      case ORIGIN_IF_GIVEN -> models + " beside its base model, if it has one";
      case ONE_OF_THEM -> models + ", one of them its base model";
      case DONOR -> models;
    };
  }

  private void checkLayers(Slice slice) {
    Optional<Source> first =
        slice.sources().stream().filter(source -> source.layers().isPresent()).findFirst();
    for (Source source : slice.sources()) {
      int length = source.layers().map(LayerRange::length).orElse(0);
      int expected = first.flatMap(Source::layers).map(LayerRange::length).orElse(0);
      if (source.layers().isPresent() && length != expected) {
        problems.add(
            source.line(),
            "`%s` gives %s layers, `%s` in line %s gives %s; make all sources of a slice equally long"
                .formatted(
                    source.model(),
                    length,
                    first.orElseThrow().model(),
                    first.orElseThrow().line(),
                    expected));
      }
    }
  }

  private void checkRequiredOfModels(Slice slice) {
    boolean isBaseUnknown =
        arity.takesOrigin()
            && (draft.isBaseUnreadable() || (arity.needsBase() && draft.baseOf(slice).isEmpty()));
    if (isBaseUnknown) { // and the base needs no parameters, so who does is unknown too
      return;
    }
    for (Source source : slice.sources()) {
      for (Parameter<?> parameter : draft.method().parameters()) {
        String name = parameter.name();
        boolean isGiven =
            source.parameters().sets(name)
                || slice.parameters().sets(name)
                || draft.parameters().sets(name);
        problems.addIf(
            parameter.scope() == Scope.MODEL
                && parameter.isRequired()
                && !isGiven
                && !draft.isOrigin(slice, source),
            source.line(),
            "`%s` has no `%s`, which %s needs; give it one under its `parameters`"
                .formatted(source.model(), name, method));
      }
    }
  }

  private void checkRequiredOfMerge() {
    for (Parameter<?> parameter : draft.method().parameters()) {
      String name = parameter.name();
      boolean isWanted =
          parameter.scope() == Scope.MERGE
              && parameter.isRequired()
              && !draft.parameters().sets(name);
      long without =
          draft.slices().stream().filter(slice -> !slice.parameters().sets(name)).count();
      if (isWanted && without == draft.slices().size()) {
        problems.add(
            draft.methodLine(),
            "%s needs `%s`; give it under the recipe's `parameters`".formatted(method, name));
      } else if (isWanted) {
        draft.slices().stream()
            .filter(slice -> !slice.parameters().sets(name))
            .forEach(
                slice ->
                    problems.add(
                        slice.line(),
                        "this slice has no `%s`, which %s needs; give it under the `parameters` of"
                                .formatted(name, method)
                            + " the slice or the recipe"));
      }
    }
  }
}

package dev.stockpot.merge.plan;

import dev.stockpot.merge.recipe.LostKeys;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.structure.Configuration;
import dev.stockpot.merge.structure.KeyEdit;
import dev.stockpot.merge.structure.LayerKeys;
import dev.stockpot.merge.structure.Stack;
import dev.stockpot.merge.structure.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the donor's configuration say what slices have made of its stacks. */
final class ConfigFollower {
  private final Configuration config;
  private final Structure donor;
  private final List<KeyEdit> edits = new ArrayList<>();
  private final List<String> lost = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();

  /** Of the model that gives the configuration. */
  static ConfigFollower of(RouteNames names, ModelReference donor) {
    return new ConfigFollower(
        ConfigTree.of(names.models().get(donor)), names.structures().get(donor));
  }

  private ConfigFollower(Configuration config, Structure donor) {
    this.config = config;
    this.donor = donor;
  }

  /** Follows what has been routed. */
  void follow(TensorRouter router) {
    List<StackLayers> made = router.stackLayers();
    dropped.addAll(router.dropped());
    for (StackLayers layers : made) {
      Optional<Stack> stack = layers.in(donor);
      if (stack.isEmpty()) {
        continue; // a donor without such layers describes nothing of them
      }
      if (isCountShared(stack.get(), made)) {
        lost.add(
            "%s counts other layers too, which stay as they are"
                .formatted(stack.get().count().orElseThrow()));
        continue;
      }
      addStages(stack.get(), layers.origins());
      LayerKeys.Following following = LayerKeys.follow(config, stack.get(), layers.origins());
      edits.addAll(following.edits());
      lost.addAll(following.lost());
      LayerKeys.Following names = LayerKeys.followNames(config, stack.get(), layers.origins());
      edits.addAll(names.edits());
      lost.addAll(names.lost());
      if (router.dropped().contains(layers.word())) {
        donor
            .above(stack.get())
            .flatMap(Stack::countPath)
            .ifPresent(path -> edits.add(new KeyEdit(path, new KeyEdit.Whole(0))));
      }
    }
  }

  /** Stages are of other widths each: they stay where they are, and their blocks are the layers. */
  private void addStages(Stack stack, List<Integer> origins) {
    if (donor.isOfStages(stack) && !stack.isAsBefore(origins)) {
      String example =
          donor.within(stack).stream()
              .findFirst()
              .map(Stack::prefix)
              .map(prefix -> prefix.substring(0, prefix.length() - 1))
              .map("; slices can be of the blocks of one, `stack: %s`"::formatted)
              .orElse("");
      lost.add("%s are stages of other widths, and no layers%s".formatted(stack, example));
    }
  }

  private boolean isCountShared(Stack stack, List<StackLayers> made) {
    return stack.count().isPresent()
        && donor.mainStacks().stream()
            .filter(other -> other.count().equals(stack.count()) && !other.equals(stack))
            .anyMatch(
                other ->
                    made.stream()
                        .noneMatch(
                            layers ->
                                layers.in(donor).filter(other::equals).isPresent()
                                    && layers.origins().equals(originsOf(stack, made))));
  }

  private List<Integer> originsOf(Stack stack, List<StackLayers> made) {
    return made.stream()
        .filter(layers -> layers.in(donor).filter(stack::equals).isPresent())
        .findFirst()
        .orElseThrow()
        .origins();
  }

  List<KeyEdit> edits() {
    return edits;
  }

  /** What the configuration cannot say is a problem, unless the user has said to keep it. */
  void report(Recipe recipe, LostKeys wanted, Problems problems) {
    if (wanted == LostKeys.FAIL) {
      lost.forEach(
          key ->
              problems.add(
                  recipe.slices().get(0).line(),
                  ("config.json of %s cannot describe these layers. %s. Choose other ranges, or set"
                          + " lost-keys=keep to write it all the same")
                      .formatted(recipe.donor(), key)));
    }
  }

  List<String> notices() {
    return Stream.concat(
            lost.stream().map("config.json cannot describe the layers: %s"::formatted),
            dropped.stream()
                .map(
                    ("blocks that predict further tokens, above the %s layers, are left out: not all"
                            + " models of the last slice have them")
                        ::formatted))
        .toList();
  }
}

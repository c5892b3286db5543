package dev.stockpot.merge.structure;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How a model is built, as far as its configuration and the names of its tensors tell. Rules come
 * first; what was measured of the classes of {@code transformers} counts where they are not enough.
 *
 * @param stacks its numbered blocks, by prefix
 * @param stages the blocks of each of its stages, where some of its numbered blocks are such
 * @param doubts numbered blocks that cannot be told, and why
 * @param languageModel path of the object of the configuration that describes the language model;
 *     empty: the configuration itself
 * @param kind what it says it is
 */
public record Structure(
    List<Stack> stacks,
    List<Stack> stages,
    List<Doubt> doubts,
    Ties ties,
    String languageModel,
    Kind kind) {
  /** What vision models call their stages, each of another width. */
  private static final String STAGES = "stages.";

  public Structure {
    stacks = List.copyOf(stacks);
    stages = List.copyOf(stages);
    doubts = List.copyOf(doubts);
    requireNonNull(ties, "ties is null");
    requireNonNull(languageModel, "languageModel is null");
    requireNonNull(kind, "kind is null");
  }

  /**
   * The structure of a model.
   *
   * @param config its configuration; one without keys if it has none
   * @param tensors the names of its tensors
   */
  public static Structure of(Configuration config, Collection<String> tensors) {
    ConfigParts parts = new ConfigParts(config);
    Set<String> names = tensors instanceof Set<String> set ? set : new TreeSet<>(tensors);
    StackFinder found = new StackFinder(config, parts, names);
    return new Structure(
        found.stacks(),
        new StageFinder(config, names).stages(),
        found.doubts(),
        Ties.of(config, parts),
        parts.languageModel(),
        Kind.of(config, config.at(parts.languageModel()).orElse(config)));
  }

  /** Where a tensor stands; empty for one outside of all stacks. */
  public Optional<Place> place(String tensor) {
    return stacks.stream()
        .filter(stack -> stack.layerOf(tensor).isPresent())
        .findFirst()
        .map(stack -> new Place(stack, stack.layerOf(tensor).getAsInt()));
  }

  /** Its stacks but those that predict further tokens, of which nobody has to speak. */
  public List<Stack> mainStacks() {
    return stacks.stream().filter(Stack::isMain).toList();
  }

  /** Its stacks, and the blocks within their stages: all that slices can be of. */
  public List<Stack> all() {
    return Stream.concat(stacks.stream(), stages.stream()).toList();
  }

  /** Whether the blocks of a stack are stages, which are of other widths each and no layers. */
  public boolean isOfStages(Stack stack) {
    return stack.prefix().endsWith(STAGES) || !within(stack).isEmpty();
  }

  /** The blocks of each stage of a stack of stages. */
  public List<Stack> within(Stack stack) {
    return stages.stream().filter(stage -> stack.layerOf(stage.prefix()).isPresent()).toList();
  }

  /**
   * The stack that a recipe means.
   *
   * @param wordOrPrefix {@code vision}, or {@code vision_model.transformer.layers} where several
   *     stacks have that word
   */
  public List<Stack> named(String wordOrPrefix) {
    return all().stream()
        .filter(
            stack -> stack.word().equals(wordOrPrefix) || stack.prefix().equals(wordOrPrefix + "."))
        .toList();
  }

  /** Blocks whose numbers go on where a stack ends, and that move with its end. */
  public Optional<Stack> above(Stack stack) {
    return stacks.stream()
        .filter(other -> other.prefix().equals(stack.prefix()) && other.first() == stack.layers())
        .findFirst();
  }

  /** Why the place of a tensor cannot be told; empty if it can, or if it has none. */
  public Optional<String> doubt(String tensor) {
    return doubts.stream()
        .filter(doubt -> tensor.startsWith(doubt.prefix()))
        .map(Doubt::reason)
        .findFirst();
  }

  /** Why numbered blocks cannot be told, each a clause for a user; empty if all can. */
  public List<String> reasonsOfDoubt() {
    return doubts.stream().map(Doubt::reason).toList();
  }

  /** Whether its output head is its input embedding: a loader needs no head. */
  public boolean sharesHead() {
    return ties.sharing() == Sharing.SHARED;
  }

  /** Whether nothing tells if the head has weights of its own. */
  public boolean mayShareHead() {
    return ties.sharing() == Sharing.UNTOLD;
  }

  /** Whether a tensor is an output head, which may share the weights of the embedding. */
  public boolean isHead(String tensor) {
    return ties.isHead(tensor);
  }

  /**
   * The tensor that stands for one that the model does not hold; empty if none does.
   *
   * @param holds whether the model has a tensor
   * @param names of the model's tensors
   */
  public Optional<String> twinOf(String absent, Iterable<String> names, Predicate<String> holds) {
    return ties.twinOf(absent, names, holds);
  }
}

package dev.stockpot.merge.recipe;

import static java.util.Collections.unmodifiableMap;
import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.number.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a user wants merged, free of every problem that can be seen without opening a model.
 *
 * @param source name of the file, for messages
 * @param text the recipe as it was written, for the manifest
 * @param base the recipe's base model; a slice may have its own, see {@link #baseOf}
 * @param slices the output's layers in order; if all layers of whole models are merged, just one
 * @param wholeModels whether every source takes all layers of its model
 * @param dtype the recipe's {@code dtype}, a floating-point type
 * @param outDtype the recipe's {@code out_dtype}, a floating-point type
 * @param statistics checkpoints of side inputs of the whole merge, by their kinds
 * @param vocabulary what it says of tokens
 * @param adapter what adapter is made of the merge; empty if a checkpoint is
 * @param composition rules that its one source is put together by; empty where models are merged
 * @param parts tensors that something else becomes of than a merge
 * @param mixture what its base becomes beside other models; empty if models are merged
 * @param taken the experts that are taken out of its base; empty if it is taken whole
 * @param post steps behind the merge, in their order
 * @param round which round it is; empty if it is none
 * @param notices what its author should know of how it was read, though nothing is wrong
 * @param stages merges that come before it, whose results it may name as models
 */
public record Recipe(
    String source,
    String text,
    MergeMethod method,
    Optional<ModelReference> base,
    List<Slice> slices,
    boolean wholeModels,
    ParameterBlock parameters,
    Optional<DType> dtype,
    Optional<DType> outDtype,
    Map<String, ModelReference> statistics,
    VocabularyChoice vocabulary,
    Optional<AdapterChoice> adapter,
    Optional<Composition> composition,
    List<PartRule> parts,
    Optional<MixtureChoice> mixture,
    Optional<ExpertChoice> taken,
    List<ChosenStep> post,
    Optional<RoundChoice> round,
    List<String> notices,
    Stages stages) {

  /**
   * A valid recipe.
   *
   * @throws IllegalArgumentException if it breaks a rule of its method, with the message that a
   *     user would get
   */
  public Recipe {
    requireNonNull(source, "source is null");
    requireNonNull(text, "text is null");
    requireNonNull(dtype, "dtype is null");
    requireNonNull(outDtype, "outDtype is null");
    requireNonNull(stages, "stages is null");
    requireNonNull(vocabulary, "vocabulary is null");
    requireNonNull(adapter, "adapter is null");
    requireNonNull(composition, "composition is null");
    requireNonNull(mixture, "mixture is null");
    requireNonNull(taken, "taken is null");
    requireNonNull(round, "round is null");
    slices = List.copyOf(slices);
    post = List.copyOf(post);
    statistics = unmodifiableMap(new TreeMap<>(statistics)); // one order, in which they are read
    notices = List.copyOf(notices);
    parts = List.copyOf(parts);
    Problems problems = new Problems(source);
    Draft draft =
        new Draft(method, 0, base, slices, wholeModels, parameters, statistics, Set.of(), false);
    new RecipeRules(draft, problems).check();
    new ValueRules(draft, problems).check();
    new StatisticsRules(draft, post, problems).check();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems.sorted()));
    }
  }

  /** A mixture of experts: its base, taken as it is, with what becomes of it. */
  static Recipe of(String source, String text, MergeMethod asItIs, MixtureReader.Read read) {
    Source base = new Source(read.base(), Optional.empty(), ParameterBlock.NONE, read.line());
    return new Recipe(
        source,
        text,
        asItIs,
        Optional.empty(),
        List.of(new Slice(List.of(base), Optional.empty(), ParameterBlock.NONE, read.line())),
        true,
        ParameterBlock.NONE,
        read.dtype(),
        read.outDtype(),
        Map.of(),
        VocabularyChoice.NONE,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        read.mixture(),
        read.taken(),
        List.of(),
        Optional.empty(),
        List.of(),
        Stages.NONE);
  }

  /**
   * This recipe with other models in it.
   *
   * @param more to be told beside what is told already
   * @throws RecipeException if it breaks a rule of its method only now
   */
  public Recipe with(Optional<ModelReference> base, List<Slice> slices, List<String> more) {
    Problems problems = new Problems(source);
    Draft draft =
        new Draft(method, 0, base, slices, wholeModels, parameters, statistics, Set.of(), false);
    List<Slice> settled = new Repeated(draft, problems).settled().slices();
    problems.throwIfAny();
    List<String> all = new ArrayList<>(notices);
    all.addAll(more);
    problems.told().stream().filter(told -> !all.contains(told)).forEach(all::add);
    try {
      return of(text, base, settled, all, stages, parameters);
    } catch (IllegalArgumentException e) {
      throw new RecipeException(List.of(e.getMessage()));
    }
  }

  /** This recipe with merges that come before it. */
  public Recipe with(Stages others) {
    return of(text, base, slices, notices, others, parameters);
  }

  /** This recipe with more to be told. */
  public Recipe telling(List<String> more) {
    List<String> all = new ArrayList<>(notices);
    all.addAll(more);
    return of(text, base, slices, all, stages, parameters);
  }

  /** This recipe with one parameter of the whole merge set to a number. */
  public Recipe setting(String parameter, double number) {
    Map<String, ParameterSetting> settings = new LinkedHashMap<>(parameters.settings());
    Choice everywhere = new Choice(Optional.empty(), new ParameterValue.Constant(number));
    settings.put(parameter, new ParameterSetting(List.of(everywhere), 0));
    return of(text, base, slices, notices, stages, new ParameterBlock(settings));
  }

  private Recipe of(
      String written,
      Optional<ModelReference> origin,
      List<Slice> merged,
      List<String> told,
      Stages others,
      ParameterBlock block) {
    return new Recipe(
        source,
        written,
        method,
        origin,
        merged,
        wholeModels,
        block,
        dtype,
        outDtype,
        statistics,
        vocabulary,
        adapter,
        composition,
        parts,
        mixture,
        taken,
        post,
        round,
        told,
        others);
  }

  /** Every model that it names itself, the results of stages among them. */
  public Set<ModelReference> references() {
    Set<ModelReference> references = new LinkedHashSet<>();
    for (Slice slice : slices) {
      slice.sources().stream().map(Source::model).forEach(references::add);
      slice.sources().stream()
          .flatMap(each -> each.align().stream())
          .filter(align -> !align.isToMean())
          .forEach(align -> references.add(align.to(base)));
      slice.base().ifPresent(references::add);
    }
    base.ifPresent(references::add);
    composition.ifPresent(rules -> references.addAll(rules.references()));
    parts.forEach(part -> part.action().model().ifPresent(references::add));
    mixture.ifPresent(experts -> references.addAll(experts.models()));
    return references;
  }

  /** The rules by which tensors of models are called otherwise; none for most. */
  public Map<ModelReference, List<Rename>> renames() {
    Map<ModelReference, List<Rename>> renames = new LinkedHashMap<>();
    for (Slice slice : slices) {
      for (Source source : slice.sources()) {
        if (!source.renames().isEmpty()) {
          renames.put(source.model(), source.renames());
        }
      }
    }
    return renames;
  }

  /** Models whose units are matched to those of another one. */
  public Map<ModelReference, AlignChoice> alignments() {
    Map<ModelReference, AlignChoice> alignments = new LinkedHashMap<>();
    for (Slice slice : slices) {
      for (Source source : slice.sources()) {
        source.align().ifPresent(choice -> alignments.put(source.model(), choice));
      }
    }
    return alignments;
  }

  /** Every model that it names itself, also one that it names for its tokens alone. */
  public Set<ModelReference> named() {
    Set<ModelReference> named = new LinkedHashSet<>(references());
    vocabulary.tokenizer().flatMap(TokenizerChoice::model).ifPresent(named::add);
    return named;
  }

  /** This recipe as another text has it. */
  public Recipe writtenAs(String other) {
    return of(other, base, slices, notices, stages, parameters);
  }

  /** This recipe and those of its stages. */
  public List<Recipe> all() {
    List<Recipe> all = new ArrayList<>();
    stages.before().forEach(stage -> all.add(stage.recipe()));
    all.add(this);
    return all;
  }

  /** The base model that counts in a slice. */
  public Optional<ModelReference> baseOf(Slice slice) {
    return slice.base().or(() -> base);
  }

  /** The model that gives configuration and tokenizer: the base, else the first. */
  public ModelReference donor() {
    return base.orElseGet(() -> slices.get(0).sources().get(0).model());
  }

  /** Every checkpoint of statistics that the recipe names. */
  public Set<ModelReference> allStatistics() {
    Set<ModelReference> all = new LinkedHashSet<>(statistics.values());
    for (Slice slice : slices) {
      slice.sources().forEach(source -> all.addAll(source.statistics().values()));
    }
    mixture.flatMap(experts -> experts.gates().file()).ifPresent(all::add);
    return all;
  }

  /** Whether this source is the base model of its slice. */
  public boolean isBase(Slice slice, Source candidate) {
    return baseOf(slice).filter(candidate.model()::equals).isPresent();
  }

  /** Whether a source is merged, and not only the origin that task vectors are taken against. */
  public boolean isMerged(Slice slice, Source candidate) {
    return !method.arity().takesOrigin() || !isBase(slice, candidate);
  }
}

package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.number.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a {@link Recipe} of what a user wrote, or reports everything that is wrong with it. It
 * opens no files: whether models exist and fit each other is for the planner to say.
 */
public final class RecipeParser {
  private final List<MergeMethod> methods;
  private final List<PostStep> steps;
  private final UnknownKeys policy;

  /**
   * A parser that tells of words without effect.
   *
   * @param methods those that a recipe can name
   */
  public RecipeParser(List<MergeMethod> methods) {
    this(methods, List.of(), UnknownKeys.NOTICE);
  }

  /**
   * A parser.
   *
   * @param methods those that a recipe can name
   * @param steps those behind merges that it can name
   * @param policy what becomes of words without effect
   */
  public RecipeParser(List<MergeMethod> methods, List<PostStep> steps, UnknownKeys policy) {
    this.methods = List.copyOf(methods);
    this.steps = List.copyOf(steps);
    this.policy = requireNonNull(policy, "policy is null");
  }

  /**
   * Parses a recipe in YAML.
   *
   * @param sourceName where the text is from, for messages
   * @throws RecipeException with all problems
   */
  public Recipe parse(String sourceName, String text) {
    return parse(sourceName, text, trees(sourceName, text));
  }

  /**
   * Reads a recipe in YAML into nodes, one for each document.
   *
   * @param sourceName where the text is from, for messages
   * @throws RecipeException with all problems
   */
  public static List<Node> trees(String sourceName, String text) {
    Problems problems = new Problems(sourceName);
    List<Node> trees = YamlTree.parse(text, problems);
    problems.addIf(
        trees.isEmpty() && problems.isEmpty(),
        0,
        "the recipe is empty; start with `merge_method: linear`");
    problems.throwIfAny();
    return trees;
  }

  /**
   * Parses a recipe that was read into nodes from any language.
   *
   * @param text the recipe as it was written, to be kept
   * @throws RecipeException with all problems
   */
  public Recipe parse(String sourceName, String text, Node tree) {
    return parse(sourceName, text, List.of(tree));
  }

  /**
   * Parses documents that were read into nodes: stages, and the merge that is written.
   *
   * @param text the recipe as it was written, to be kept
   * @throws RecipeException with all problems
   */
  public Recipe parse(String sourceName, String text, List<Node> trees) {
    return new Reading(sourceName, text, new Problems(sourceName)).of(trees);
  }

  /** One file that is read. */
  private final class Reading {
    private final String source;
    private final String text;
    private final Problems problems;
    private int types; // problems of types alone, with which models can be looked at all the same

    Reading(String source, String text, Problems problems) {
      this.source = source;
      this.text = text;
      this.problems = problems;
    }

    Recipe of(List<Node> trees) {
      StageReader reader = new StageReader(problems);
      List<StageReader.Document> documents = reader.read(trees);
      if (documents.isEmpty()) {
        problems.addIf(
            problems.isEmpty(), 0, "the recipe is empty; start with `merge_method: linear`");
        throw new RecipeException(problems.sorted());
      }
      List<String> texts = DocumentTexts.of(text, trees.size());
      List<StageOrder.Written> merges = new ArrayList<>();
      for (StageReader.Document document : documents) {
        recipe(document.body())
            .map(recipe -> recipe.writtenAs(texts.get(document.place())))
            .map(recipe -> new StageOrder.Written(document.name(), document.line(), recipe))
            .ifPresent(merges::add);
      }
      if (problems.count() > types) {
        problems.throwIfAny();
      }
      Recipe read = new StageOrder(merges, problems).ordered(reader.isExact()).writtenAs(text);
      if (types > 0) {
        throw new RecipeException(problems.sorted(), Optional.of(read));
      }
      return read;
    }

    private Optional<Recipe> recipe(MapNode written) {
      RoundReader.Read rounds = new RoundReader(methods, problems).read(written);
      MapNode map = rounds.recipe();
      Optional<RoundChoice> round = rounds.choice();
      if (map.entry(ComposeReader.KEY).isPresent()) {
        StrayWords words = new StrayWords(problems, policy, Optional.empty(), methods);
        return new ComposedRecipe(source, text, words, methods).read(map);
      }
      Optional<String> otherTool = OtherTools.described(map);
      if (otherTool.isPresent()) {
        problems.add(map.line(), otherTool.get());
        return Optional.empty();
      }
      StrayWords words = new StrayWords(problems, policy, named(map), methods);
      if (MixtureReader.isOne(map) || TakenReader.isOne(map)) {
        return (MixtureReader.isOne(map)
                ? new MixtureReader(words).read(map)
                : new TakenReader(words).read(map))
            .map(read -> Recipe.of(source, text, named("passthrough").orElseThrow(), read));
      }
      Section recipe = new Section(DefaultModule.unwrapped(map, problems), RecipeKeys.ALL, words);
      Optional<MergeMethod> method = method(recipe, problems);
      RoundReader.check(written, method, problems);
      int before = problems.count();
      Optional<DType> dtype = DTypeWord.of(recipe, "dtype", problems);
      Optional<DType> outDtype = DTypeWord.written(recipe, "out_dtype", problems);
      types += problems.count() - before;
      VocabularyChoice vocabulary = new VocabularyReader(words).read(recipe);
      Optional<AdapterChoice> adapter = new OutputReader(words).read(recipe);
      List<PartRule> parts = new PartReader(words).read(recipe);
      List<ChosenStep> post = new StepReader(words, steps).read(recipe, method);
      Optional<Draft> draft =
          new DraftReader(recipe, method, words)
              .read()
              .map(
                  read ->
                      new BaseAlone(methods, problems)
                          .settled(read, new Repeated(read, problems).settled()));
      draft.ifPresent(read -> new RecipeRules(read, problems).check());
      draft.ifPresent(read -> new StatisticsRules(read, post, problems).check());
      return draft
          .filter(any -> problems.count() == types)
          .map(
              valid ->
                  new Recipe(
                      source,
                      text,
                      valid.method(),
                      valid.base(),
                      valid.slices(),
                      valid.wholeModels(),
                      valid.parameters(),
                      dtype,
                      outDtype,
                      valid.statistics(),
                      vocabulary,
                      adapter,
                      Optional.empty(),
                      parts,
                      Optional.empty(),
                      Optional.empty(),
                      post,
                      round,
                      List.of(),
                      Stages.NONE));
    }
  }

  /** The method, before anything is reported. */
  private Optional<MergeMethod> named(MapNode map) {
    return map.entry("merge_method")
        .map(MapNode.Entry::value)
        .flatMap(
            word -> word instanceof ScalarNode scalar ? named(scalar.text()) : Optional.empty());
  }

  private Optional<MergeMethod> named(String word) {
    return methods.stream().filter(known -> known.name().equals(word)).findFirst();
  }

  private Optional<MergeMethod> method(Section recipe, Problems problems) {
    List<String> names = methods.stream().map(MergeMethod::name).toList();
    problems.addIf(
        !recipe.has("merge_method"),
        recipe.line(),
        "`merge_method` is missing; choose one of " + Suggestion.quoted(names));
    Optional<String> word = recipe.word("merge_method");
    Optional<MergeMethod> method = word.flatMap(this::named);
    problems.addIf(
        word.isPresent() && method.isEmpty(),
        recipe.lineOf("merge_method"),
        "`%s` is not a merge method; %s"
            .formatted(word.orElse(""), Suggestion.or("the methods are", word.orElse(""), names)));
    return method;
  }
}

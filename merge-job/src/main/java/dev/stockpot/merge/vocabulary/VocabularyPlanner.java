package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.TemplateChoice;
import dev.stockpot.merge.recipe.TokenizerChoice;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Plans the tokens of one merge. */
final class VocabularyPlanner {
  private static final String GENERATION = "generation_config.json";

  private final Vocabularies vocabularies;
  private final Recipe recipe;
  private final Map<ModelReference, Model> models;
  private final Problems problems;
  private final ModelReference donor;
  private final FileChanges files = new FileChanges();
  private final List<ConfigEdit> edits = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  VocabularyPlanner(
      Vocabularies vocabularies,
      Recipe recipe,
      Map<ModelReference, Model> models,
      Problems problems) {
    this.vocabularies = vocabularies;
    this.recipe = recipe;
    this.models = models;
    this.problems = problems;
    this.donor = recipe.donor();
  }

  VocabularyPlan plan() throws IOException {
    Optional<TokenizerChoice> tokenizer = recipe.vocabulary().tokenizer();
    if (tokenizer.isPresent() && !isIdle(tokenizer.get())) {
      return plan(tokenizer.get());
    }
    Optional<TemplateChoice> template = recipe.vocabulary().template();
    if (template.isPresent()) {
      ModelFiles donors = vocabularies.files(models.get(donor).companions());
      TokenizerFiles out = new TokenizerFiles(donors, files);
      template(out, donors, donorsTokens());
      out.write();
    }
    return new VocabularyPlan(models, edits, files, notices);
  }

  /**
   * Whether the base's tokens are asked for, and nobody has any: what belongs to no token cannot
   * move. It is told.
   */
  private boolean isIdle(TokenizerChoice choice) {
    boolean isIdle =
        choice.source() == TokenizerChoice.Source.BASE
            && choice.tokens().isEmpty()
            && choice.padding().equals(TokenizerChoice.Padding.NONE)
            && models.values().stream().allMatch(model -> model.tokenizer().isEmpty());
    if (isIdle) {
      notices.add(
          "the base's tokenizer is asked for in line %s, and no model has one: rows of embeddings are merged as they stand, as if all had the same tokens"
              .formatted(choice.line()));
    }
    return isIdle;
  }

  /** What a template can be checked against, where no tokenizer was asked for. */
  private Optional<OutputTokens> donorsTokens() throws IOException {
    try {
      Tokenizer tokenizer = vocabularies.tokenizer(donor, models.get(donor).companions());
      return Optional.of(OutputTokens.of(tokenizer, tokenizer.tokens().size(), List.of()));
    } catch (TokenizerException e) {
      notices.add(
          "whether the tokenizer has the tokens of the chat template is not known: "
              + e.getMessage());
      return Optional.empty();
    }
  }

  private VocabularyPlan plan(TokenizerChoice choice) throws IOException {
    Members members = new Members(vocabularies, recipe, models, problems);
    List<Member> all = members.all();
    problems.throwIfAny();
    Source source = source(choice, members);
    OutputTokens tokens =
        choice.source() == TokenizerChoice.Source.UNION
            ? OutputTokens.union(all, List.copyOf(choice.tokens().keySet()))
            : OutputTokens.of(
                source.tokenizer(), source.kept(), List.copyOf(choice.tokens().keySet()));
    RowOrigins origins =
        new RowOrigins(
            all,
            recipe.base().map(members::place).orElse(OptionalInt.empty()),
            tokens,
            choice.tokens(),
            new ChosenRows(all, members::place, problems));
    VocabularyNotices told = new VocabularyNotices(all, tokens, origins);
    told.problemOfHomeless().ifPresent(what -> problems.add(choice.line(), what));
    problems.throwIfAny();
    int rows = rows(choice.padding(), tokens.size(), all);
    RowViews views = new RowViews(all, origins, rows, choice.padding().isKept());
    Map<ModelReference, Model> under = new LinkedHashMap<>(models);
    for (int place = 0; place < all.size(); place++) {
      Member member = all.get(place);
      Model view = views.of(place);
      under.put(member.reference(), view);
      List<String> doubtful = member.rows().doubtful();
      problems.addIf(
          !doubtful.isEmpty() && !view.tensors().equals(member.model().tensors()),
          choice.line(),
          "rows of %s move, and it has tensors with as many rows whose names tell nothing: %s. List those with a row for each token in `vocab-tensors`, as regular expressions; `vocab-tensors: []` if there is none"
              .formatted(member.reference(), String.join(", ", doubtful)));
    }
    problems.throwIfAny();
    notices.addAll(told.all(rows, choice.padding().isKept()));
    out(source, tokens, rows, members);
    return new VocabularyPlan(under, edits, files, notices);
  }

  /**
   * The tokenizer that the result starts from.
   *
   * @param kept how many of its tokens stay
   */
  private record Source(
      ModelReference reference,
      Tokenizer tokenizer,
      int kept,
      Map<String, StoredObject> files,
      JsonObject config) {}

  private Source source(TokenizerChoice choice, Members members) throws IOException {
    if (choice.model().isEmpty()) {
      Member base = members.all().get(0);
      return of(base, base.tokens());
    }
    ModelReference named = choice.model().get();
    OptionalInt place = members.place(named);
    if (place.isPresent()) {
      Member member = members.all().get(place.getAsInt());
      return of(member, member.tokenizer().tokens().size());
    }
    Map<String, StoredObject> outside = vocabularies.folders().files(named);
    Tokenizer tokenizer = vocabularies.tokenizer(named, outside);
    return new Source(named, tokenizer, tokenizer.tokens().size(), outside, JsonObject.EMPTY);
  }

  private static Source of(Member member, int kept) {
    return new Source(
        member.reference(),
        member.tokenizer(),
        kept,
        member.model().companions(),
        member.model().config().tree());
  }

  private static int rows(TokenizerChoice.Padding padding, int tokens, List<Member> members) {
    long rows = tokens;
    if (padding.isKept()) {
      for (Member member : members) {
        rows = Math.max(rows, member.rows().rows());
      }
    }
    long multiple = padding.multiple();
    return Math.toIntExact((rows + multiple - 1) / multiple * multiple);
  }

  /** The files of the result, and what its configurations say. */
  private void out(Source source, OutputTokens tokens, int rows, Members members)
      throws IOException {
    Model giver = models.get(donor);
    boolean isDonors = source.reference().equals(donor);
    ModelFiles sources = vocabularies.files(source.files());
    TokenizerFiles out = new TokenizerFiles(sources, files);
    if (!isDonors) {
      out.replace(giver);
    }
    if (!tokens.isUnchanged()) {
      addLost("the tokenizer has no", out.change(tokens));
    }
    template(out, sources, Optional.of(tokens));
    out.write();
    Member donors = members.all().get(members.place(donor).getAsInt());
    TokenIds ids = new TokenIds(donors.tokenizer(), tokens);
    Map<String, Optional<JsonValue>> config = new LinkedHashMap<>();
    donors.sizePaths().forEach(path -> config.put(path, Optional.of(JsonValue.of(rows))));
    JsonObject given = giver.config().tree();
    config.putAll(ids.changes(given, isDonors ? given : source.config()));
    edits.add(ConfigEdit.values(config));
    generation(ids, isDonors, sources);
    addLost("config.json has no", ids.lost());
  }

  private void generation(TokenIds ids, boolean isDonors, ModelFiles sources) throws IOException {
    ModelFiles donors = vocabularies.files(models.get(donor).companions());
    if (donors.has(GENERATION)) {
      JsonObject before = donors.json(GENERATION);
      Map<String, Optional<JsonValue>> changes =
          ids.changes(before, isDonors ? before : sources.json(GENERATION));
      if (!changes.isEmpty()) {
        files.make(GENERATION, ConfigEdit.values(changes).apply(before));
      }
    }
  }

  private void addLost(String what, List<String> keys) {
    if (!keys.isEmpty()) {
      notices.add(
          "%s %s any more: the result has no such token".formatted(what, String.join(", ", keys)));
    }
  }

  private void template(TokenizerFiles out, ModelFiles sources, Optional<OutputTokens> tokens)
      throws IOException {
    Optional<TemplateChoice> choice = recipe.vocabulary().template();
    ChatTemplates before = ChatTemplates.of(sources);
    Optional<String> text = before.usual();
    if (choice.isPresent()) {
      text = TemplateVote.of(choice.get(), voters(choice.get()));
      text.ifPresent(found -> out.template(found, before.named()));
      if (text.isEmpty()) {
        notices.add("chat_template is auto, and no model has a chat template: there is none");
      }
    }
    if (text.isPresent() && tokens.isPresent()) {
      ControlTokens.notice(text.get(), tokens.get()).ifPresent(notices::add);
    }
  }

  /** All models, the base first, if they are to vote. */
  private List<ChatTemplates> voters(TemplateChoice choice) throws IOException {
    List<ChatTemplates> voters = new ArrayList<>();
    if (choice.isAuto()) {
      voters.add(ChatTemplates.of(vocabularies.files(models.get(donor).companions())));
      for (Map.Entry<ModelReference, Model> model : models.entrySet()) {
        if (!model.getKey().equals(donor)) {
          voters.add(ChatTemplates.of(vocabularies.files(model.getValue().companions())));
        }
      }
    }
    return voters;
  }
}

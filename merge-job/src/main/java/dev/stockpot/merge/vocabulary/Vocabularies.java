package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the models of a merge one vocabulary, and its result a tokenizer and a chat template, as
 * the recipe says. A recipe that says nothing of tokens changes nothing.
 */
public final class Vocabularies {
  private static final String TOKENIZER = "tokenizer.json";

  private final ObjectSource store;
  private final Folders folders;
  private final Map<StoredObject, Tokenizer> known;

  /** Where models lie that a recipe names beside those that it merges. */
  public interface Folders {
    /** The model of a merge that lies in the folder that somebody names, by whatever word. */
    Optional<ModelReference> among(ModelReference named, Collection<ModelReference> models);

    /** The files beside the weights of a model, by their names. */
    Map<String, StoredObject> files(ModelReference model) throws IOException;
  }

  public Vocabularies(ObjectSource store, Folders folders) {
    this(store, folders, new HashMap<>());
  }

  private Vocabularies(ObjectSource store, Folders folders, Map<StoredObject, Tokenizer> known) {
    this.store = store;
    this.folders = folders;
    this.known = known;
  }

  /** The same for a merge that may name other models: what was read is not read again. */
  public Vocabularies in(Folders others) {
    return new Vocabularies(store, others, known);
  }

  /**
   * What becomes of the tokens of a merge.
   *
   * @param models every model that the recipe names
   * @throws dev.stockpot.merge.UserException if something is wrong with a tokenizer, or with what
   *     the recipe says of it
   */
  public VocabularyPlan of(Recipe recipe, Map<ModelReference, Model> models) throws IOException {
    Problems problems = new Problems(recipe.source());
    VocabularyPlanner planner = new VocabularyPlanner(this, recipe, models, problems);
    VocabularyPlan plan = planner.plan();
    problems.throwIfAny();
    return plan;
  }

  /**
   * For each token of one model, by its id, the id that it has in the other; or -1.
   *
   * @throws dev.stockpot.merge.UserException if one has no tokenizer that can be read
   */
  public int[] sharedTokens(
      ModelReference one, Model modelOne, ModelReference other, Model modelOther)
      throws IOException {
    return SharedTokens.of(
        tokenizer(one, modelOne.companions()),
        files(modelOne.companions()),
        tokenizer(other, modelOther.companions()),
        files(modelOther.companions()));
  }

  /**
   * For each token of one model, by its id, the ids of the tokens of the other that spell it.
   *
   * @throws dev.stockpot.merge.UserException if one has no tokenizer that can be read
   */
  public int[][] pieces(ModelReference one, Model modelOne, ModelReference other, Model modelOther)
      throws IOException {
    return TokenPieces.of(
        tokenizer(one, modelOne.companions()), tokenizer(other, modelOther.companions()));
  }

  Folders folders() {
    return folders;
  }

  ModelFiles files(Map<String, StoredObject> files) {
    return new ModelFiles(store, files);
  }

  /**
   * The tokenizer of a model. One that lies in several folders is read once for each.
   *
   * @param model what it is called
   * @throws TokenizerException if there is none, or it cannot be used
   */
  Tokenizer tokenizer(ModelReference model, Map<String, StoredObject> files) throws IOException {
    StoredObject file = files.get(TOKENIZER);
    if (file == null) {
      throw new TokenizerException(
          model.toString(),
          "it has no tokenizer.json%s, and without one nobody knows which row is whose. Fetch it, or make it: AutoTokenizer.from_pretrained('%s').save_pretrained('%s')"
              .formatted(others(files), model, model));
    }
    Tokenizer tokenizer = known.get(file);
    if (tokenizer == null) {
      byte[] text = files(files).bytes(TOKENIZER).orElseThrow();
      tokenizer = new Tokenizer(TokenizerFile.parse(file.location().toString(), text));
      known.put(file, tokenizer);
    }
    return tokenizer;
  }

  private static String others(Map<String, StoredObject> files) {
    Set<String> slow = TokenizerFiles.slow(files);
    return slow.isEmpty() ? "" : " (only %s)".formatted(String.join(", ", slow));
  }
}

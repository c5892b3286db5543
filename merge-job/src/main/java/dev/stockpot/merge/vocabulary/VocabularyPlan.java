package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of the tokens of a merge.
 *
 * @param models as they are under the vocabulary of the result
 * @param edits of the donor's configuration
 * @param notices what a user should know, though nothing is wrong
 */
public record VocabularyPlan(
    Map<ModelReference, Model> models,
    List<ConfigEdit> edits,
    FileChanges files,
    List<String> notices) {
  public VocabularyPlan {
    models = new LinkedHashMap<>(models);
    edits = List.copyOf(edits);
    notices = List.copyOf(notices);
  }

  /** What lies beside the tensors of the output, with its tokenizer. */
  public OutputFolder applied(OutputFolder folder) {
    List<ConfigEdit> all = new ArrayList<>(folder.edits());
    all.addAll(edits);
    Map<String, String> leftBehind = new LinkedHashMap<>(folder.leftBehind());
    folder.companions().stream()
        .map(Companion::name)
        .filter(files.dropped()::contains)
        .forEach(name -> leftBehind.put(name, "other files say what the tokenizer is"));
    return new OutputFolder(
        folder.layout(), all, files.applied(folder.companions()), folder.card(), leftBehind);
  }
}

package dev.stockpot.merge.adapter;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model with adapters on top.
 *
 * @param model a view of the base, whose tensors are changed while they are read
 * @param notices what a user should know of it
 */
public record Adapters(Model model, List<String> notices) {
  public Adapters {
    notices = List.copyOf(notices);
  }

  /**
   * Bakes adapters into a model, one after the other, as PEFT's {@code merge_and_unload} does. All
   * is worked out in float32, and each tensor is rounded once, to the type that the base has it in.
   *
   * @param name what the result is called by
   * @param baseName the base as the recipe names it
   * @throws dev.stockpot.merge.UserException if something that an adapter holds cannot be baked,
   *     with all of it
   */
  public static Adapters bake(Model model, String name, String baseName, List<Adapter> adapters) {
    BaseModel base = BaseModel.of(model);
    Drafts drafts = new Drafts(model.tensors());
    List<String> notices = new ArrayList<>();
    List<StoredObject> files = new ArrayList<>(model.shards());
    Map<String, StoredObject> companions = new LinkedHashMap<>(model.companions());
    for (Adapter adapter : adapters) {
      List<String> problems = new ArrayList<>();
      AdapterContents contents = AdapterContents.of(adapter, problems);
      new Baker(adapter.config(), base, drafts, problems).bake(contents);
      Optional<String> uneven = Vocabulary.uneven(model, drafts);
      uneven.ifPresent(problems::add);
      if (!problems.isEmpty()) {
        throw new AdapterException(adapter.folder(), problems);
      }
      adapter
          .config()
          .notices()
          .forEach(notice -> notices.add("%s: %s".formatted(adapter.folder(), notice)));
      Bases.difference(adapter, baseName).ifPresent(notices::add);
      files.add(adapter.file());
      Vocabulary.takeTokenizer(adapter, companions).ifPresent(notices::add);
    }
    Optional<Long> rows = Vocabulary.rows(model, drafts);
    boolean isUntied =
        base.sharedEmbedding().isPresent()
            && drafts.touched().keySet().stream().anyMatch(BaseModel::isHead);
    if (isUntied) {
      notices.add(
          "%s: the head gets a tensor of its own, as the adapter changes the embedding or the head, which the base shares (peft would change both)"
              .formatted(name));
    }
    boolean isEdited = rows.isPresent() || isUntied;
    ModelConfig config = isEdited ? base.config(rows, isUntied) : model.config();
    Model baked =
        new Model(
            new Location(name),
            drafts.rounded(),
            config,
            isEdited ? JsonWriter.text(JsonStyle.PYTHON, config.tree()) : model.configText(),
            files,
            companions,
            model.surroundings());
    return new Adapters(baked, notices);
  }
}

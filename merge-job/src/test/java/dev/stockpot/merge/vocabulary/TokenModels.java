package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.CardFacts;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Models in memory whose files are there and whose tensors are headers alone. */
final class TokenModels {
  private final MemoryStore store = new MemoryStore();
  private final Map<String, Builder> models = new LinkedHashMap<>();

  MemoryStore store() {
    return store;
  }

  /** A model with one layer, an embedding and a head. */
  Builder model(String name, int rows, TokenizerTexts tokenizer) {
    return bare(name)
        .file("tokenizer.json", tokenizer.json())
        .config("{\"model_type\": \"llama\", \"vocab_size\": %s}".formatted(rows))
        .tensor("model.embed_tokens.weight", rows, 4)
        .tensor("model.layers.0.mlp.up_proj.weight", 4, 4)
        .tensor("lm_head.weight", rows, 4);
  }

  /** A model of nothing. */
  Builder bare(String name) {
    Builder builder = new Builder(name);
    models.put(name, builder);
    return builder;
  }

  /** What belongs to a model, until it is opened. */
  final class Builder {
    private final Location folder;
    private final Map<String, Shape> tensors = new LinkedHashMap<>();
    private final Map<String, DType> types = new LinkedHashMap<>();
    private final Map<String, StoredObject> files = new LinkedHashMap<>();
    private String config = "";

    private Builder(String name) {
      this.folder = new Location("/m/" + name);
    }

    Builder config(String json) {
      config = json;
      return this;
    }

    Builder file(String name, String text) {
      Location place = folder.child(name);
      store.write(place, text.getBytes(UTF_8));
      files.put(name, store.find(place).orElseThrow());
      return this;
    }

    Builder without(String name) {
      files.remove(name);
      tensors.remove(name);
      return this;
    }

    Builder tensor(String name, long... shape) {
      return tensor(name, DType.BF16, shape);
    }

    Builder tensor(String name, DType type, long... shape) {
      tensors.put(name, Shape.of(shape));
      types.put(name, type);
      return this;
    }

    private Model open() {
      Map<String, TensorInfo> infos = new TreeMap<>();
      long begin = 0;
      long size = 0;
      for (Map.Entry<String, Shape> tensor : tensors.entrySet()) {
        size += TensorInfo.byteCount(types.get(tensor.getKey()), tensor.getValue());
      }
      StoredObject shard = new StoredObject(folder.child("model.safetensors"), size, "v1");
      for (Map.Entry<String, Shape> tensor : tensors.entrySet()) {
        DType type = types.get(tensor.getKey());
        long bytes = TensorInfo.byteCount(type, tensor.getValue());
        infos.put(
            tensor.getKey(),
            new TensorInfo(
                tensor.getKey(),
                type,
                tensor.getValue(),
                shard,
                new ByteRange(begin, begin + bytes)));
        begin += bytes;
      }
      return Model.of(
          new Checkpoint(folder, List.of(shard), infos, config, files, Surroundings.UNKNOWN));
    }
  }

  private static ModelReference reference(String name) {
    return new ModelReference(name, 1);
  }

  /** What becomes of the tokens of these models, merged in their order, by a recipe's lines. */
  VocabularyPlan plan(String lines) throws IOException {
    StringBuilder recipe =
        new StringBuilder("merge_method: linear\nparameters: {weight: 1}\nmodels:\n");
    models.keySet().forEach(name -> recipe.append("  - model: ").append(name).append('\n'));
    return plan(recipe.append(lines).toString(), models.keySet());
  }

  /** The same by a whole recipe. */
  VocabularyPlan plan(String recipe, Collection<String> merged) throws IOException {
    Map<ModelReference, Model> opened = new LinkedHashMap<>();
    merged.forEach(name -> opened.put(reference(name), models.get(name).open()));
    return new Vocabularies(store, new Folders())
        .of(new RecipeParser(MergeMethods.all()).parse("recipe.yml", recipe), opened);
  }

  /** The model of a plan. */
  static Model model(VocabularyPlan plan, String name) {
    return plan.models().get(reference(name));
  }

  /** A file of the output; nothing if there is none. */
  Optional<String> file(VocabularyPlan plan, String donor, String name) {
    List<Companion> before = new ArrayList<>();
    models
        .get(donor)
        .open()
        .companions()
        .forEach((file, object) -> before.add(new Companion.Copied(file, object)));
    return plan
        .applied(
            new OutputFolder(
                SafetensorsLayout.CHECKPOINT, List.of(), before, CardFacts.NONE, Map.of()))
        .companions()
        .stream()
        .filter(file -> file.name().equals(name))
        .map(this::text)
        .findFirst();
  }

  private String text(Companion file) {
    try {
      return UTF_8.decode(file.content(store)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A name is a folder of these. */
  private final class Folders implements Vocabularies.Folders {
    @Override
    public Optional<ModelReference> among(ModelReference named, Collection<ModelReference> known) {
      return known.stream()
          .filter(model -> ("./" + model.path()).equals(named.path()) || model.equals(named))
          .findFirst();
    }

    @Override
    public Map<String, StoredObject> files(ModelReference model) {
      return models.get(model.path()).open().companions();
    }
  }
}

package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Models for tests of plans: headers without bytes. */
public final class ModelHeaders {
  private record Entry(String name, DType dtype, Shape shape) {}

  private final String name;
  private final List<Entry> entries = new ArrayList<>();
  private String config = "";

  private ModelHeaders(String name) {
    this.name = name;
  }

  /** A model without tensors. */
  public static ModelHeaders named(String name) {
    return new ModelHeaders(name);
  }

  /** A Llama-shaped model of bfloat16 with two tensors in each layer and a head of its own. */
  public static ModelHeaders llama(String name, int layers) {
    ModelHeaders model = named(name).config("{\"num_hidden_layers\": %s}".formatted(layers));
    model.tensor("model.embed_tokens.weight", 32, 8);
    for (int layer = 0; layer < layers; layer++) {
      model.tensor("model.layers.%s.mlp.up_proj.weight".formatted(layer), 16, 8);
      model.tensor("model.layers.%s.input_layernorm.weight".formatted(layer), 8);
    }
    return model.tensor("model.norm.weight", 8).tensor("lm_head.weight", 32, 8);
  }

  public ModelHeaders config(String json) {
    config = json;
    return this;
  }

  public ModelHeaders tensor(String tensor, long... shape) {
    return tensor(tensor, DType.BF16, shape);
  }

  public ModelHeaders tensor(String tensor, DType dtype, long... shape) {
    entries.add(new Entry(tensor, dtype, Shape.of(shape)));
    return this;
  }

  public ModelHeaders without(String tensor) {
    entries.removeIf(entry -> entry.name().equals(tensor));
    return this;
  }

  /** The same tensors, all of another type. */
  public ModelHeaders as(DType dtype) {
    entries.replaceAll(entry -> new Entry(entry.name(), dtype, entry.shape()));
    return this;
  }

  /** The model, opened. */
  public Model open() {
    Location folder = new Location(name);
    long size = entries.stream().mapToLong(ModelHeaders::bytes).sum();
    StoredObject shard = new StoredObject(folder.child("model.safetensors"), size, "v1");
    TreeMap<String, TensorInfo> tensors = new TreeMap<>();
    long begin = 0;
    for (Entry entry : entries) {
      ByteRange range = new ByteRange(begin, begin + bytes(entry));
      tensors.put(
          entry.name(), new TensorInfo(entry.name(), entry.dtype(), entry.shape(), shard, range));
      begin = range.end();
    }
    return Model.of(new Checkpoint(folder, List.of(shard), tensors, config));
  }

  private static long bytes(Entry entry) {
    return TensorInfo.byteCount(entry.dtype(), entry.shape());
  }
}

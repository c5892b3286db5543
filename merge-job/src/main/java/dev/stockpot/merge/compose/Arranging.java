package dev.stockpot.merge.compose;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.Arrangement;
import dev.stockpot.merge.recipe.Arrangement.Groups;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * Puts tensors of a model together as a rule says.
 *
 * @param model whose configuration counts heads
 */
record Arranging(Arrangement arrangement, Model model) {
  private static final List<String> HEADS =
      List.of("num_attention_heads", "n_head", "n_heads", "num_heads");
  private static final List<String> KEY_VALUE_HEADS =
      List.of("num_key_value_heads", "num_kv_heads", "n_head_kv");

  /**
   * The tensors that come of one, and of those that are joined to it.
   *
   * @param tensors the one that was matched, then those that follow it
   * @param count how many there are to be
   * @throws IllegalArgumentException if that cannot be
   */
  List<TensorSource> of(List<TensorSource> tensors, int count) {
    List<TensorSource> upright = tensors.stream().map(this::upright).toList();
    int axis = arrangement.axis();
    if (arrangement.isStacked()) {
      return List.of(Fusing.stack(upright));
    }
    if (upright.size() > 1) {
      return List.of(Fusing.join(upright, axis, groups(upright)));
    }
    TensorSource only = upright.get(0);
    if (arrangement.kept().isPresent()) {
      long begin = arrangement.kept().get().begin();
      long end = arrangement.kept().get().end();
      if (end > Fusing.length(only, axis)) {
        throw new IllegalArgumentException(
            "%s to %s of axis %s are kept, and it is %s".formatted(begin, end, axis, only.shape()));
      }
      return List.of(only.section(axis, begin, end));
    }
    return count == 1
        ? List.of(only)
        : Fusing.split(only, axis, lengths(only, count), groups(only, count));
  }

  private TensorSource upright(TensorSource source) {
    boolean isMatrix = source.shape().dimensions().size() == 2;
    return arrangement.isTransposed() && isMatrix ? source.transposed() : source;
  }

  private List<Long> lengths(TensorSource fused, int count) {
    long length = Fusing.length(fused, arrangement.axis());
    if (arrangement.sizes().areOfHeads()) {
      return lengthsOfHeads(fused, length, count);
    }
    List<Long> lengths = arrangement.sizes().lengths();
    if (!lengths.isEmpty() && lengths.size() != count) {
      throw new IllegalArgumentException(
          "`sizes` has %s lengths for %s names".formatted(lengths.size(), count));
    }
    if (lengths.isEmpty() && length % count != 0) {
      throw new IllegalArgumentException(
          "%s along axis %s of %s are not %s equal parts; give their `sizes`"
              .formatted(length, arrangement.axis(), fused.shape(), count));
    }
    return lengths.isEmpty() ? Collections.nCopies(count, length / count) : lengths;
  }

  private List<Long> lengthsOfHeads(TensorSource fused, long length, int count) {
    long heads = counted(HEADS);
    long keys = keyValueHeads(heads);
    if (count != 3 || length % (heads + 2 * keys) != 0) {
      throw new IllegalArgumentException(
          "%s along axis %s of %s are not queries of %s heads, keys and values of %s each, under three names"
              .formatted(length, arrangement.axis(), fused.shape(), heads, keys));
    }
    long head = length / (heads + 2 * keys);
    return List.of(heads * head, keys * head, keys * head);
  }

  private long groups(List<TensorSource> parts) {
    long shortest = Long.MAX_VALUE;
    for (TensorSource part : parts) {
      shortest = Math.min(shortest, Fusing.length(part, arrangement.axis()));
    }
    return groups(shortest);
  }

  private long groups(TensorSource fused, int count) {
    return groups(Fusing.length(fused, arrangement.axis()) / count);
  }

  private long groups(long rows) {
    Groups groups = arrangement.groups();
    return switch (groups.kind()) {
      case COUNT -> groups.count();
      case ROWS -> rows;
      case HEADS -> counted(HEADS);
      case KEY_VALUE_HEADS -> keyValueHeads(counted(HEADS));
    };
  }

  private long keyValueHeads(long heads) {
    return found(KEY_VALUE_HEADS).orElse(heads);
  }

  private long counted(List<String> keys) {
    return found(keys)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "config.json of %s has none of %s, so heads cannot be counted; give numbers"
                        .formatted(model.folder(), String.join(", ", keys))));
  }

  private OptionalLong found(List<String> keys) {
    List<JsonObject> parts = new ArrayList<>();
    parts.add(ModelConfig.textPart(model.config().tree()));
    parts.add(model.config().tree());
    for (JsonObject part : parts) {
      for (String key : keys) {
        if (part.integer(key).isPresent() && part.integer(key).getAsInt() > 0) {
          return OptionalLong.of(part.integer(key).getAsInt());
        }
      }
    }
    return OptionalLong.empty();
  }
}

package dev.stockpot.merge.structure;

import dev.stockpot.merge.structure.CountKey.Form;
import dev.stockpot.merge.structure.KeyEdit.Element;
import dev.stockpot.merge.structure.KeyEdit.Letters;
import dev.stockpot.merge.structure.KeyEdit.Rearranged;
import dev.stockpot.merge.structure.KeyEdit.Whole;
import dev.stockpot.merge.structure.KeyEdit.Wholes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Makes a configuration follow a stack whose layers are others than before: counts, lists with an
 * entry for each layer, lists of layers, patterns of letters, and numbers from which kinds of
 * layers are computed. What no value of a key can say is told as lost.
 */
public final class LayerKeys {
  /** Lists that may happen to be as long as there are layers. */
  private static final Pattern NEVER_PER_LAYER =
      Pattern.compile("architectures|.*_token_ids?|(conv|tdnn|stem|upsample)_.*|.*kernel_sizes?");

  /** Lists of the layers that are of a kind. */
  private static final Pattern LAYER_LISTS =
      Pattern.compile(
          "cross_attention_layers|mlp_only_layers|moe_layers|full_attention_layers|hybrid_layer_ids"
              + "|.*layer_indices|.*layer_idxs?|full_attn_idxs|.*_attn_indexes|deepstack_.*indexes");

  private static final String KINDS = "layer_types";
  private static final Pattern LETTERS = Pattern.compile(".*_pattern");

  /** How many layers from the bottom are of a kind, unlike those above. */
  private static final List<String> FROM_BELOW =
      List.of("first_k_dense_replace", "num_dense_layers", "n_dense_layers", "num_hash_layers");

  /** How many layers from the top are of a kind, unlike those below. */
  private static final List<String> FROM_ABOVE = List.of("num_kv_shared_layers");

  /** Numbers after which kinds of layers repeat. */
  private static final Pattern PERIODS =
      Pattern.compile(
          ".*_layer_period|decoder_sparse_step|encoder_sparse_step|interleave_moe_layer_step"
              + "|no_rope_layer_interval|moe_layer_interval|moe_layer_freq|full_attention_interval"
              + "|sliding_window_pattern|global_attn_every_n_layers|cross_attention_frequency"
              + "|_?block_types");

  /** Periods that count only where no list says it layer by layer. */
  private static final List<List<String>> LISTED_INSTEAD =
      List.of(
          List.of("interleave_moe_layer_step", "moe_layers"),
          List.of("no_rope_layer_interval", "no_rope_layers"),
          List.of("full_attention_interval", KINDS),
          List.of("sliding_window_pattern", KINDS),
          List.of("global_attn_every_n_layers", KINDS));

  private static final String LIMIT = "max_window_layers";

  /** Tensors of families that have a row for each layer, and lie outside of all. */
  private static final Map<String, String> ROWS_OF_LAYERS =
      Map.of("yolos", "vit.encoder.mid_position_embeddings");

  private final Configuration object;
  private final String part;
  private final int before;
  private final List<Integer> origins;
  private final List<KeyEdit> edits = new ArrayList<>();
  private final List<String> lost = new ArrayList<>();

  /**
   * What follows.
   *
   * @param lost what cannot be said of the new layers, for a user
   */
  public record Following(List<KeyEdit> edits, List<String> lost) {
    public Following {
      edits = List.copyOf(edits);
      lost = List.copyOf(lost);
    }
  }

  private LayerKeys(Configuration object, String part, int before, List<Integer> origins) {
    this.object = object;
    this.part = part;
    this.before = before;
    this.origins = origins;
  }

  /**
   * The changes of a configuration.
   *
   * @param stack as it was
   * @param origins for each layer that there will be, the layer that it descends from
   */
  public static Following follow(Configuration root, Stack stack, List<Integer> origins) {
    if (stack.count().isEmpty()) {
      boolean isDescribed =
          !stack.isAsBefore(origins)
              && (root.text("model_type").isPresent() || root.length("architectures").isPresent());
      return new Following(
          List.of(), isDescribed ? List.of("No key of it counts %s".formatted(stack)) : List.of());
    }
    CountKey count = stack.count().get();
    LayerKeys keys =
        new LayerKeys(
            root.at(count.part()).orElse(root),
            count.part(),
            stack.layers(),
            origins.stream().map(layer -> Math.min(layer, stack.layers() - 1)).toList());
    keys.follow(count);
    return new Following(keys.edits, keys.lost);
  }

  /** The changes of what names layers, wherever it stands. */
  public static Following followNames(Configuration root, Stack stack, List<Integer> origins) {
    return new LayerNames(root, stack, origins).follow();
  }

  private void follow(CountKey count) {
    if (count.form() == Form.ELEMENT) {
      edit(count.listKey(), new Element(count.element(), origins.size()));
      return; // nothing else is said of the blocks of one stage
    }
    for (String key : object.keys()) {
      if (!key.equals(count.key()) || count.form() == Form.LIST) {
        follow(key);
      }
    }
    if (count.form() == Form.NUMBER) {
      edit(count.key(), new Whole(origins.size()));
    }
    followClass();
  }

  private void follow(String key) {
    List<Integer> layers = object.integers(key);
    // those beyond the last layer, which some configurations name, are of no layer
    boolean isLayerList =
        LAYER_LISTS.matcher(key).matches() && layers.stream().allMatch(layer -> layer >= 0);
    if (isLayerList && object.length(key).orElse(-1) == layers.size()) {
      edit(key, new Wholes(layersThat(layers::contains)));
    } else if (object.length(key).orElse(-1) == before && !NEVER_PER_LAYER.matcher(key).matches()) {
      edit(key, new Rearranged(origins));
    } else if (LETTERS.matcher(key).matches() && isLetters(key)) {
      String letters = object.text(key).orElseThrow();
      StringBuilder follow = new StringBuilder();
      origins.forEach(layer -> follow.append(letters.charAt(layer)));
      edit(key, new Letters(follow.toString()));
    } else if (FROM_BELOW.contains(key) && object.number(key).isPresent()) {
      int first = object.number(key).getAsInt();
      run(key, layer -> layer < first, false);
    } else if (FROM_ABOVE.contains(key) && object.number(key).orElse(0) > 0) {
      int last = object.number(key).getAsInt();
      run(key, layer -> layer >= before - last, true);
    } else if (key.equals(LIMIT)) {
      followLimit();
    } else if (PERIODS.matcher(key).matches()) {
      period(key).ifPresent(period -> keep(key, period));
    }
  }

  private boolean isLetters(String key) {
    return object.text(key).filter(text -> text.length() == before).isPresent();
  }

  /** A number of layers from one end: it can be said if they are still together at that end. */
  private void run(String key, IntPredicate isOfKind, boolean fromAbove) {
    List<Integer> layers = layersThat(isOfKind);
    int begin = fromAbove ? origins.size() - layers.size() : 0;
    boolean isRun = layers.equals(IntStream.range(begin, begin + layers.size()).boxed().toList());
    if (isRun && object.number(key).orElse(-1) != layers.size()) {
      edit(key, new Whole(layers.size()));
    } else if (!isRun) {
      lose(
          key,
          "its layers would be %s"
              .formatted(layers.stream().limit(8).map(String::valueOf).toList()));
    }
  }

  private void followLimit() {
    int limit = object.number(LIMIT).orElse(-1);
    if (limit == before) {
      edit(LIMIT, new Whole(origins.size()));
    } else if (limit >= 0 && object.flag("use_sliding_window").orElse(false) && !isListed()) {
      run(LIMIT, layer -> layer < limit, false);
    }
  }

  private boolean isListed() {
    return object.length(KINDS).isPresent();
  }

  private Optional<Integer> period(String key) {
    boolean isListed =
        LISTED_INSTEAD.stream()
            .anyMatch(pair -> pair.get(0).equals(key) && object.length(pair.get(1)).isPresent());
    OptionalInt number = object.number(key);
    OptionalInt length = object.length(key);
    Optional<Integer> text = object.text(key).map(String::length);
    Optional<Integer> period =
        number.isPresent()
            ? Optional.of(number.getAsInt())
            : text.or(() -> length.isPresent() ? Optional.of(length.getAsInt()) : Optional.empty());
    return period.filter(every -> !isListed && every > 1);
  }

  /** A period can still be said if every layer keeps its place in it. */
  private void keep(String key, int period) {
    for (int layer = 0; layer < origins.size(); layer++) {
      if (origins.get(layer) % period != layer % period) {
        lose(
            key,
            "layer %s of the output was layer %s, at another place in the period of %s"
                .formatted(layer, origins.get(layer), period));
        return;
      }
    }
  }

  /** Kinds of layers that the configuration leaves to its class. */
  private void followClass() {
    object
        .text("model_type")
        .map(ROWS_OF_LAYERS::get)
        .filter(tensor -> origins.size() != before)
        .ifPresent(tensor -> lose(tensor, "it has a row for each layer"));
    int period =
        object.text("model_type").flatMap(Families::of).map(Families.Family::period).orElse(1);
    boolean isSaid = isListed() || object.keys().stream().anyMatch(this::isPeriodOfKinds);
    if (period > 1 && !isSaid) {
      keep(KINDS, period);
    }
  }

  private boolean isPeriodOfKinds(String key) {
    return LISTED_INSTEAD.stream()
        .anyMatch(pair -> pair.get(0).equals(key) && pair.get(1).equals(KINDS));
  }

  private List<Integer> layersThat(IntPredicate isOfKind) {
    return IntStream.range(0, origins.size())
        .filter(layer -> isOfKind.test(origins.get(layer)))
        .boxed()
        .toList();
  }

  private void edit(String key, KeyEdit.Change change) {
    edits.add(new KeyEdit(part.isEmpty() ? key : part + "." + key, change));
  }

  private void lose(String key, String why) {
    lost.add("%s: %s".formatted(part.isEmpty() ? key : part + "." + key, why));
  }
}

package dev.stockpot.merge.adapter;

import dev.stockpot.merge.adapter.AdapterModule.Pair;
import dev.stockpot.merge.model.Reduced;
import java.util.List;

/** What training did to the base before it began. */
record Beginning(AdapterConfig config, Drafts drafts, List<String> problems) {

  /**
   * Takes from a weight what training began with. That is told from the base as it was then, before
   * any other adapter.
   *
   * @return false if it cannot be, which is a problem
   */
  boolean isTaken(String name, Pair pair, Layout layout, float scale) {
    if (config.start().isEmpty()) {
      return true;
    }
    Reduced.Part part = config.start().get();
    boolean isAlike = layout == Layout.LINEAR || part == Reduced.Part.PRINCIPAL;
    List<Long> dimensions = drafts.get(name).shape().dimensions();
    boolean hasRank = pair.rank() <= dimensions.stream().mapToLong(Long::longValue).min().orElse(0);
    if (layout == Layout.KERNELS || !isAlike || !hasRank) {
      problems.add(
          "%s: `init_lora_weights` takes no part from a weight of that form. Merge it where it was made, with `merge_and_unload()` of the peft library"
              .formatted(pair));
      return false;
    }
    if (drafts.isTouched(name)) {
      problems.add(
          "%s: `init_lora_weights` took a part from %s as it was before any adapter. Name this adapter first, right after its base"
              .formatted(pair, name));
      return false;
    }
    float factor =
        part == Reduced.Part.PRINCIPAL ? 1 : scale; // PiSSA divides its part by the scale
    drafts.change(name, draft -> draft.without(part, pair.rank(), factor));
    return true;
  }
}

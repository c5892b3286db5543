package dev.stockpot.merge.adapter;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.adapter.AdapterKey.Part;
import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.model.Stored;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of an adapter, sorted by what they are for.
 *
 * @param copies tensors of the base as they are after training, by their names
 * @param modules what there is for each module
 */
record AdapterContents(Map<String, Stored> copies, List<AdapterModule> modules) {
  AdapterContents {
    modules = List.copyOf(modules);
  }

  /**
   * Sorts them.
   *
   * @param problems takes those that are of no known form
   */
  static AdapterContents of(Adapter adapter, List<String> problems) {
    Map<String, Stored> copies = new LinkedHashMap<>();
    Map<String, Map<Part, Stored>> modules = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    for (String name : NaturalOrder.sort(adapter.tensors().keySet(), any -> any)) {
      Stored tensor = adapter.tensors().get(name);
      Optional<AdapterKey> key = AdapterKey.of(name);
      if (key.isEmpty() || !isKnown(tensor, key.get())) {
        unknown.add(AdapterModule.shown(tensor));
        continue;
      }
      Stored before =
          key.get().part() == Part.COPY
              ? copies.putIfAbsent(key.get().module(), tensor)
              : modules
                  .computeIfAbsent(key.get().module(), any -> new EnumMap<>(Part.class))
                  .putIfAbsent(key.get().part(), tensor);
      if (before != null) {
        problems.add(
            "%s and %s are one and the same to the base. Save the adapter again, one to a folder"
                .formatted(AdapterModule.shown(before), AdapterModule.shown(tensor)));
      }
    }
    if (!unknown.isEmpty()) {
      problems.add(
          "it holds what no LoRA has: %s. Merge it where it was made, with `merge_and_unload()` of the peft library"
              .formatted(FirstFew.of(unknown)));
    }
    List<AdapterModule> sorted = new ArrayList<>();
    modules.forEach((module, parts) -> sorted.add(new AdapterModule(module, parts)));
    return new AdapterContents(copies, sorted);
  }

  private static boolean isKnown(Stored tensor, AdapterKey key) {
    return key.part() == Part.COPY || tensor.dtype().isReadable();
  }
}

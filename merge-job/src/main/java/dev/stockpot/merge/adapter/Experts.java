package dev.stockpot.merge.adapter;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.adapter.AdapterKey.Part;
import dev.stockpot.merge.adapter.AdapterModule.Pair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * LoRAs of parameters that are no modules: the experts of a layer in one tensor. For {@code E}
 * experts {@code A} is [r·E, in] with one expert after the other, and {@code B} is [out, r·E] with
 * the expert as the fastest. A base may hold the same experts apart.
 */
final class Experts {
  /** The order of parameters in a module, in which LoRAs of it are nested from the inside. */
  private static final List<String> ORDER = List.of("gate_up_proj", "down_proj");

  private final AdapterConfig config;
  private final BaseModel base;
  private final Drafts drafts;
  private final List<String> problems;
  private final Map<String, List<AdapterModule>> taken = new LinkedHashMap<>();

  Experts(AdapterConfig config, BaseModel base, Drafts drafts, List<String> problems) {
    this.config = config;
    this.base = base;
    this.drafts = drafts;
    this.problems = problems;
  }

  /** Whether what an adapter has for a module is for parameters of it. */
  boolean take(AdapterModule module) {
    boolean isTheirs = !config.parametersOf(module.plain()).isEmpty();
    if (isTheirs) {
      taken.computeIfAbsent(module.plain(), any -> new ArrayList<>()).add(module);
    }
    return isTheirs;
  }

  void bake() {
    taken.forEach(this::bake);
  }

  private void bake(String module, List<AdapterModule> levels) {
    List<AdapterModule> inOrder =
        levels.stream()
            .sorted(
                Comparator.comparingInt((AdapterModule level) -> level.name().length()).reversed())
            .toList();
    List<String> parameters =
        config.parametersOf(module).stream()
            .sorted(Comparator.comparingInt(Experts::place).thenComparing(name -> name))
            .toList();
    List<Pair> pairs = new ArrayList<>();
    for (AdapterModule level : inOrder) {
      level.pair(Part.A, Part.B, problems).ifPresent(pairs::add);
      if (level.parts().size() != 2) {
        problems.add(
            "it holds more than a LoRA for %s, whose parameters can have no more: %s"
                .formatted(
                    module,
                    FirstFew.of(level.parts().values().stream().map(AdapterModule::shown).toList())));
      }
    }
    List<ExpertStack> stacks =
        parameters.stream()
            .flatMap(parameter -> ExpertStack.find(module, parameter, base, drafts).stream())
            .toList();
    List<ExpertStack> chosen =
        chosen(
            pairs.stream()
                .map(pair -> stacks.stream().filter(stack -> stack.fits(pair)).toList())
                .toList());
    if (chosen.size() < pairs.size()) {
      problems.add(
          "it changes the parameters %s of %s, and which of them %s is for cannot be told. Name the base that the adapter was trained on"
              .formatted(
                  String.join(", ", parameters),
                  module,
                  FirstFew.of(pairs.stream().map(Pair::toString).toList())));
      return;
    }
    for (int i = 0; i < pairs.size(); i++) {
      add(module, chosen.get(i), pairs.get(i));
    }
  }

  private static int place(String parameter) {
    int place = ORDER.indexOf(parameter);
    return place < 0 ? ORDER.size() : place;
  }

  /** One for each pair, each once: by its shape; where several have it, by the order of both. */
  private static List<ExpertStack> chosen(List<List<ExpertStack>> fitting) {
    List<ExpertStack> chosen = new ArrayList<>();
    for (List<ExpertStack> stacks : fitting) {
      stacks.stream()
          .filter(
              stack ->
                  chosen.stream().noneMatch(other -> other.parameter().equals(stack.parameter())))
          .filter(stack -> stacks.size() == 1 || ORDER.contains(stack.parameter()))
          .findFirst()
          .ifPresent(chosen::add);
    }
    return chosen;
  }

  private void add(String module, ExpertStack stack, Pair pair) {
    String name = "%s.%s".formatted(module, stack.parameter());
    long rank = config.scales().rankOf(name);
    if (pair.rank() != rank * stack.experts()) {
      problems.add(
          "%s are no pairs of rank %s for %s experts, as %s has it. Fetch the adapter again, both files from one place"
              .formatted(pair, rank, stack.experts(), AdapterConfig.FILE_NAME));
      return;
    }
    if (config.start().isPresent()) {
      problems.add(
          "%s: `init_lora_weights` takes a part from single matrices, and these are experts. Merge it where it was made, with `merge_and_unload()` of the peft library"
              .formatted(pair));
      return;
    }
    stack.add(drafts, pair, rank, config.scales().scaleOf(name, rank), base.turnsExperts());
  }
}

package dev.stockpot.merge.compare;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Families of models whose classes compute the same from the same tensors. */
final class AlikeFamilies {
  private static final List<Set<String>> ALIKE =
      List.of(
          Set.of("llama", "mistral", "yi", "aquila", "ministral", "phi3"),
          Set.of("deepseek_v3", "kimi_k2"),
          Set.of("t5", "mt5"),
          Set.of("roberta", "xlm-roberta", "camembert"),
          Set.of("stablelm", "stablelm_epoch"),
          Set.of("gpt2", "gpt-sw3"));

  private AlikeFamilies() {}

  static boolean compute(String one, String other) {
    return ALIKE.stream().anyMatch(alike -> alike.contains(one) && alike.contains(other));
  }

  /** The family in the name of a class: {@code llama} of {@code LlamaForCausalLM}. */
  static String ofClass(String architecture) {
    return architecture
        .replaceAll("(PreTrained)?(For[A-Z]\\w*|LMHeadModel|Model)$", "")
        .toLowerCase(Locale.ROOT);
  }
}

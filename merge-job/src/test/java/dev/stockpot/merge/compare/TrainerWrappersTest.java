package dev.stockpot.merge.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names without what trainers put around modules, and families that compute the same. */
class TrainerWrappersTest {
  private static TrainerWrappers in(String... names) {
    return TrainerWrappers.in(List.of(names)).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "_orig_mod.model.norm.weight, model.norm.weight",
    "model._fsdp_wrapped_module.norm.weight, model.norm.weight",
    "_forward_module._orig_mod.w, w",
    "layers.0._checkpoint_wrapped_module._fpw_module.w, layers.0.w",
    "my_orig_mod.w, my_orig_mod.w",
    "w._orig_mod, w._orig_mod",
    "_orig_modes.w, _orig_modes.w"
  })
  void wordsOfWrappersMeanNothing(String name, String plain) {
    assertThat(in(name).plain()).containsExactly(entry(plain, name));
  }

  @Test
  void wordsThatOccurAreToldOnceAndNamesKeepTheirOrder() {
    TrainerWrappers found = in("_orig_mod.b", "a", "_orig_mod._fpw_module.c");
    assertThat(found.words()).containsExactly("_fpw_module", "_orig_mod");
    assertThat(found.plain().keySet()).containsExactly("b", "a", "c");
    assertThat(in("a", "b").words()).isEmpty();
  }

  @Test
  void namesThatWouldBeOneAreLeftAlone() {
    assertThat(TrainerWrappers.in(List.of("w", "_orig_mod.w"))).isEmpty();
    assertThat(TrainerWrappers.in(List.of("a._orig_mod.w", "_orig_mod.a.w"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "llama, mistral, true",
    "mistral, llama, true",
    "phi3, yi, true",
    "t5, mt5, true",
    "deepseek_v3, kimi_k2, true",
    "llama, qwen2, false",
    "llama, '', false",
    "bert, roberta, false"
  })
  void familiesThatComputeTheSameAreKnown(String one, String other, boolean alike) {
    assertThat(AlikeFamilies.compute(one, other)).isEqualTo(alike);
  }

  @ParameterizedTest
  @CsvSource({
    "LlamaForCausalLM, llama",
    "GPT2LMHeadModel, gpt2",
    "BertModel, bert",
    "T5ForConditionalGeneration, t5",
    "BertPreTrainedModel, bert",
    "Qwen2MoeForCausalLM, qwen2moe",
    "Transformer, transformer",
    "Whatever, whatever"
  })
  void aFamilyIsInTheNameOfItsClass(String architecture, String family) {
    assertThat(AlikeFamilies.ofClass(architecture)).isEqualTo(family);
  }
}

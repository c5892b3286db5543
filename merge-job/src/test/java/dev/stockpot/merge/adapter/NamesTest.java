package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an adapter calls a tensor is found under the name that the base has for it. */
class NamesTest {
  private static final String Q = "layers.0.self_attn.q_proj.weight";

  @Test
  void theSameNameCountsFirst() {
    Names names = new Names(List.of("model." + Q, "vision.model." + Q));
    assertThat(names.find("model." + Q)).hasValue("model." + Q);
  }

  @ParameterizedTest
  @CsvSource({
    "model., ''",
    "'', model.",
    "model., transformer.",
    "model.language_model., language_model.model.",
    "model., model.language_model."
  })
  void otherBeginningsAreTheSameTensorIfThereIsOne(String adapter, String base) {
    Names names = new Names(List.of(base + Q, base + Q.replace("layers.0", "layers.1"), "norm.x"));
    assertThat(names.find(adapter + Q)).hasValue(base + Q);
  }

  @Test
  void ofSeveralTheOneWithMostPartsInCommonIsMeant() {
    Names names = new Names(List.of("language_model.model." + Q, "vision_tower." + Q));
    assertThat(names.find("model.language_model." + Q)).hasValue("language_model.model." + Q);
  }

  @Test
  void ofSeveralThatAreEquallyNearNoneIsMeant() {
    Names names = new Names(List.of("model.text." + Q, "model.vision." + Q));
    assertThat(names.find("model." + Q)).isEmpty();
  }

  @Test
  void anotherLayerIsAnotherTensor() {
    Names names = new Names(List.of("model.layers.10.self_attn.q_proj.weight"));
    assertThat(names.find("model." + Q)).isEmpty();
    assertThat(names.find("model.layers.1.self_attn.q_proj.weight")).isEmpty();
  }

  @Test
  void partsOfNamesAreNotSplit() {
    Names names = new Names(List.of("model.my_lm_head.weight"));
    assertThat(names.find("lm_head.weight")).isEmpty();
  }

  @Test
  void tensorsWithoutANumberAreFoundByTheirLastTwoParts() {
    Names names = new Names(List.of("embed_tokens.weight", "norm.weight"));
    assertThat(names.find("model.embed_tokens.weight")).hasValue("embed_tokens.weight");
    assertThat(names.find("lm_head.weight")).isEmpty();
  }

  @Test
  void tellsTheNearest() {
    Names names = new Names(List.of("model.embed_tokens.weight", "model." + Q, "lm_head.weight"));
    assertThat(names.nearest("model.layers.0.self_attn.z_proj.weight")).startsWith("model." + Q);
  }

  @Test
  void whatABlockHoldsIsFoundWhateverItsBeginning() {
    Names names =
        new Names(
            List.of(
                "model.layers.1.moe.experts.0.w1.weight",
                "model.layers.1.moe.experts.1.w1.weight",
                "model.layers.10.moe.experts.0.w1.weight"));
    Pattern rest = Pattern.compile(".*experts\\.(\\d+)\\.w1\\.weight");
    assertThat(names.inBlock("layers.1.mlp.experts.gate_up_proj", rest))
        .extracting(matcher -> matcher.group(1))
        .containsExactly("0", "1");
  }

  @Test
  void whatLiesOutsideOfAllBlocksIsInNone() {
    Names names = new Names(List.of("embed_tokens.weight", "model." + Q, "norm.weight"));
    Pattern any = Pattern.compile(".*");
    assertThat(names.inBlock("lm_head.weight", any)).isEmpty();
    assertThat(names.inBlock("layers.7.mlp.up_proj.weight", any)).isEmpty();
    assertThat(names.inBlock("layers.0.mlp.up_proj.weight", any))
        .extracting(matcher -> matcher.group())
        .containsExactly("model." + Q);
  }
}

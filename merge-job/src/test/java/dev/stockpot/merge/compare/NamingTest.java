package dev.stockpot.merge.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamingTest {
  private static final List<String> BARE =
      List.of("encoder.layer.0.output.weight", "encoder.layer.1.output.weight", "pooler.weight");
  private static final List<String> HEADED =
      List.of(
          "bert.encoder.layer.0.output.weight",
          "bert.encoder.layer.1.output.weight",
          "cls.predictions.bias");

  @ParameterizedTest
  @CsvSource({
    "model.layers, module.model.layers",
    "model.layers, _orig_mod.model.layers",
    "model.layers, layers",
    "model.layers, model.language_model.layers",
    "model.language_model.layers, model.layers",
    "language_model.model.layers, model.language_model.layers",
    "layers, transformer.layers",
    "vision_tower.encoder.layers, vision_tower.vision_model.encoder.layers",
    "vision_tower.vision_model.encoder.layers, vision_tower.encoder.layers",
    "model.vision_tower.encoder.layers, vision_tower.vision_model.encoder.layers",
    "vlm.language_model.model.layers, vlm.language_model.layers"
  })
  void callsTensorsAsTheOtherModelDoes(String other, String own) {
    Naming naming =
        Naming.of(
            List.of(other + ".0.mlp.weight", other + ".1.mlp.weight"),
            List.of(own + ".0.mlp.weight", own + ".1.mlp.weight"));
    assertThat(naming.of(own + ".1.mlp.weight")).isEqualTo(other + ".1.mlp.weight");
    assertThat(naming.isNeeded()).isTrue();
  }

  private static final List<String> PLAIN =
      List.of("model.layers.0.mlp.up.weight", "model.layers.1.mlp.up.weight", "lm_head.weight");
  private static final List<String> SHARDED =
      List.of(
          "_fsdp_wrapped_module.model.layers.0._fsdp_wrapped_module.mlp.up.weight",
          "_fsdp_wrapped_module.model.layers.1._fsdp_wrapped_module.mlp.up.weight",
          "_fsdp_wrapped_module.lm_head.weight");
  private static final List<String> RECOMPUTED =
      List.of(
          "_orig_mod.model.layers.0._checkpoint_wrapped_module.mlp.up.weight",
          "_orig_mod.model.layers.1._checkpoint_wrapped_module.mlp.up.weight",
          "_orig_mod.lm_head.weight");

  @Test
  void seesThroughModulesThatTrainersPutAnywhereInAName() {
    List<List<String>> all = List.of(PLAIN, SHARDED, RECOMPUTED);
    for (List<String> others : all) {
      for (List<String> own : all) {
        Naming naming = Naming.of(others, own);
        assertThat(own.stream().map(naming::of).toList()).isEqualTo(others);
      }
    }
  }

  @Test
  void saysWhichModulesOfTrainersItSawThrough() {
    assertThat(Naming.of(PLAIN, SHARDED).words()).isEqualTo("* for _fsdp_wrapped_module.*");
    assertThat(Naming.of(RECOMPUTED, PLAIN).words())
        .contains("_orig_mod.* for *", "_checkpoint_wrapped_module.* for *");
    assertThat(Naming.of(SHARDED, SHARDED).isNeeded()).isFalse();
  }

  @Test
  void seesThroughModulesOfTrainersAndPrefixesAtOnce() {
    List<String> bare = PLAIN.stream().map(name -> name.replace("model.", "")).toList();
    Naming naming = Naming.of(bare, SHARDED);
    assertThat(SHARDED.stream().map(naming::of).toList()).isEqualTo(bare);
    assertThat(naming.words()).contains("* for model.*", "* for _fsdp_wrapped_module.*");
  }

  @Test
  void leavesAModelAloneThatHoldsATensorTwiceUnderAWrapper() {
    List<String> twice = List.of("a.x.weight", "_orig_mod.a.x.weight");
    Naming naming = Naming.of(List.of("a.x.weight"), twice);
    assertThat(twice.stream().map(naming::of).distinct()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"embed_out, lm_head", "lm_head, embed_out"})
  void callsAHeadAsTheOtherModelDoes(String other, String own) {
    Naming naming =
        Naming.of(List.of("x.weight", other + ".weight"), List.of("x.weight", own + ".weight"));
    assertThat(naming.of(own + ".weight")).isEqualTo(other + ".weight");
    assertThat(naming.words()).isEqualTo("%s.weight for %s.weight".formatted(other, own));
  }

  @Test
  void callsNoHeadAsAnotherWhereBothAreThere() {
    List<String> both = List.of("lm_head.weight", "embed_out.weight");
    assertThat(Naming.of(both, List.of("lm_head.weight")).isNeeded()).isFalse();
    assertThat(Naming.of(List.of("a.weight"), List.of("lm_head.weight")).isNeeded()).isFalse();
  }

  @Test
  void guessesNothingOfWordsThatAreOthers() {
    List<String> visual = List.of("visual.blocks.0.mlp.weight", "visual.blocks.1.mlp.weight");
    List<String> tower = List.of("tower.layers.0.mlp.weight", "tower.layers.1.mlp.weight");
    assertThat(Naming.of(visual, tower).isNeeded()).isFalse();
  }

  @Test
  void leavesAloneWhatHasOneNameInBoth() {
    Naming naming = Naming.of(HEADED, HEADED);
    assertThat(naming.isNeeded()).isFalse();
    assertThat(naming.of("cls.predictions.bias")).isEqualTo("cls.predictions.bias");
  }

  @Test
  void takesAModelsOwnNameAwayAndLeavesItsHead() {
    Naming naming = Naming.of(BARE, HEADED);
    assertThat(naming.of("bert.encoder.layer.1.output.weight"))
        .isEqualTo("encoder.layer.1.output.weight");
    assertThat(naming.of("cls.predictions.bias")).isEqualTo("cls.predictions.bias");
    assertThat(naming.words()).isEqualTo("* for bert.*");
  }

  @Test
  void putsAModelsNameInFrontAlsoOfWhatTheOtherLacks() {
    Naming naming = Naming.of(HEADED, BARE);
    assertThat(naming.of("encoder.layer.0.output.weight"))
        .isEqualTo("bert.encoder.layer.0.output.weight");
    assertThat(naming.of("pooler.weight")).isEqualTo("bert.pooler.weight");
  }

  @Test
  void movesTowerLanguageModelAndHeadEachByItsOwnRule() {
    List<String> fifth =
        List.of(
            "model.language_model.layers.0.a.weight",
            "model.language_model.layers.1.a.weight",
            "model.visual.blocks.0.a.weight",
            "model.visual.blocks.1.a.weight",
            "lm_head.weight");
    List<String> fourth =
        List.of(
            "model.layers.0.a.weight",
            "model.layers.1.a.weight",
            "visual.blocks.0.a.weight",
            "visual.blocks.1.a.weight",
            "lm_head.weight");
    Naming naming = Naming.of(fifth, fourth);
    assertThat(fourth.stream().map(naming::of)).containsExactlyElementsOf(fifth);
  }

  @Test
  void findsASingleHeadBehindAWrapper() {
    Naming naming = Naming.of(List.of("lm_head.weight"), List.of("language_model.lm_head.weight"));
    assertThat(naming.of("language_model.lm_head.weight")).isEqualTo("lm_head.weight");
  }

  @Test
  void neverTakesOneTowerForAnother() {
    Naming naming =
        Naming.of(
            List.of("vision_model.layers.0.a.weight", "vision_model.layers.1.a.weight"),
            List.of("audio_model.layers.0.a.weight", "audio_model.layers.1.a.weight"));
    assertThat(naming.isNeeded()).isFalse();
  }

  @Test
  void guessesNothingWhereSeveralTensorsCouldBeMeant() {
    Naming naming =
        Naming.of(
            List.of("encoder.layers.0.a.weight", "decoder.layers.0.a.weight"),
            List.of("layers.0.a.weight"));
    assertThat(naming.isNeeded()).isFalse();
  }

  @Test
  void givesNoTwoTensorsOneName() {
    List<String> own = List.of("model.a.x.weight", "module.a.x.weight", "a.y.weight");
    Naming naming = Naming.of(List.of("a.x.weight", "a.y.weight"), own);
    assertThat(own.stream().map(naming::of).distinct()).hasSameSizeAs(own);
  }

  private static final List<String> BEFORE =
      List.of(
          "model.layers.0.block_sparse_moe.gate.weight",
          "model.layers.0.block_sparse_moe.experts.0.w1.weight",
          "model.norm.weight");
  private static final List<String> SINCE =
      List.of(
          "model.layers.0.mlp.gate.weight",
          "model.layers.0.mlp.experts.gate_up_proj",
          "model.norm.weight");

  @Test
  void knowsThatALibraryCallsMixturesOtherwiseSince() {
    Naming older = Naming.of(SINCE, BEFORE);
    assertThat(older.of(BEFORE.get(0))).isEqualTo(SINCE.get(0));
    assertThat(older.of(BEFORE.get(1))).isEqualTo("model.layers.0.mlp.experts.0.w1.weight");
    assertThat(older.words()).contains("mlp.* for block_sparse_moe.*");

    Naming newer = Naming.of(BEFORE, SINCE);
    assertThat(newer.of(SINCE.get(0))).isEqualTo(BEFORE.get(0));
    assertThat(newer.of(SINCE.get(1)))
        .isEqualTo("model.layers.0.block_sparse_moe.experts.gate_up_proj");
  }

  @Test
  void exchangesNoModulesThatHaveNothingInCommon() {
    Naming dense = Naming.of(List.of("model.layers.0.mlp.up_proj.weight"), BEFORE);
    assertThat(dense.isNeeded()).isFalse();
  }

  @Test
  void exchangesNoModulesWhereAModelHasBoth() {
    List<String> both =
        List.of("model.layers.0.block_sparse_moe.gate.weight", "model.layers.1.mlp.gate.weight");
    assertThat(Naming.of(List.of("model.layers.0.mlp.gate.weight"), both).isNeeded()).isFalse();
  }
}

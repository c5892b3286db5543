package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tensors a temperature goes into, and when nobody can tell. */
class HeadFoldTest {
  private static final boolean TIED = true;
  private static final boolean APART = false;

  private static ModelHeaders model(String... tensors) {
    return typed("bert", tensors);
  }

  private static ModelHeaders typed(String type, String... tensors) {
    ModelHeaders headers = ModelHeaders.named("m").config("{\"model_type\": \"" + type + "\"}");
    for (String tensor : tensors) {
      headers.tensor(tensor, 4);
    }
    return headers;
  }

  private static List<String> found(ModelHeaders model, boolean isTied, String... named) {
    return HeadFold.of("m", model.open(), isTied, List.of(named)).tensors();
  }

  private static void refused(
      ModelHeaders model, boolean isTied, List<String> named, String message) {
    assertThatThrownBy(() -> HeadFold.of("m", model.open(), isTied, named))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lm_head",
        "embed_out",
        "model.score",
        "classifier",
        "roberta.classifier.out_proj",
        "visual.head",
        "heads.head",
        "fc",
        "transformer.output_layer",
        "cls.predictions.decoder"
      })
  void aHeadIsKnownByTheNameOfItsModule(String module) {
    ModelHeaders model =
        model("bert.pooler.weight", "bert.heads.weight", module + ".weight", module + ".bias");
    assertThat(found(model, APART)).containsExactly(module + ".bias", module + ".weight");
  }

  @Test
  void aBiasAloneIsNoHead() {
    assertThat(found(model("lm_head.bias", "score.weight"), APART)).containsExactly("score.weight");
  }

  @Test
  void aHeadOfClassesIsApartAlsoWhereThatOfLanguageIsTied() {
    ModelHeaders model = typed("llama", "lm_head.weight", "model.norm.weight", "score.weight");
    assertThat(found(model, TIED)).containsExactly("score.weight");
  }

  @Test
  void aTiedHeadThatIsStoredIsStillTheEmbedding() {
    ModelHeaders model = typed("gpt2", "transformer.ln_f.bias", "transformer.ln_f.weight");
    assertThat(found(model.tensor("lm_head.weight", 4), TIED))
        .containsExactly("transformer.ln_f.bias", "transformer.ln_f.weight");
    refused(
        typed("gemma", "model.norm.weight", "lm_head.weight"),
        TIED,
        List.of(),
        "The head of m is its embedding, which a temperature must not change, and of model_type"
            + " gemma it is not known that the norm in front of it can take it. Give the model a"
            + " head of its own, or name the tensors: --head");
    refused(
        ModelHeaders.named("m").tensor("norm.weight", 4),
        TIED,
        List.of(),
        "The head of m is its embedding, which a temperature must not change, and of model_type"
            + " unknown it is not known that the norm in front of it can take it. Give the model a"
            + " head of its own, or name the tensors: --head");
  }

  @Test
  void whoHasSeveralHeadsOrNoneIsAskedWhich() {
    refused(
        model("score.weight", "cls.predictions.decoder.weight", "a.weight"),
        APART,
        List.of(),
        "Which tensors of m make its logits? There are cls.predictions.decoder, score. Name weight"
            + " and bias: --head classifier.weight --head classifier.bias");
    refused(
        model("score.bias", "a.weight"),
        APART,
        List.of(),
        "Which tensors of m make its logits? None of its 2 is called like a head. Name weight and"
            + " bias: --head classifier.weight --head classifier.bias");
  }

  @Test
  void whatIsNamedCountsIfItIsThere() {
    ModelHeaders model = model("score.weight", "out.weight", "out.bias");
    assertThat(found(model, APART, "out.weight", "out.bias"))
        .containsExactly("out.weight", "out.bias");
    refused(
        model,
        APART,
        List.of("out.weight", "b", "a"),
        "m has no tensor b, a. `stockpot inspect` lists those that it has");
  }

  @Test
  void aNameThatIsPartOfAnotherWouldTakeThatAlong() {
    refused(
        typed("llama", "norm.weight", "layers.0.norm.weight"),
        TIED,
        List.of(),
        "m: a filter of a recipe that names norm.weight takes layers.0.norm.weight along. Fold the"
            + " temperature by a script, or rename the tensors");
    assertThat(found(model("a.out.weight", "out.weight"), APART, "out.weight", "a.out.weight"))
        .as("where both are meant")
        .containsExactly("out.weight", "a.out.weight");
  }

  @Test
  void logitsThatBendAreDividedByNoHeadWhoeverNamesIt() {
    String told =
        "m has %s in its configuration, which bends its logits: no head divides them. Keep the"
            + " temperature beside the model";
    ModelHeaders model = model("score.weight");
    refused(
        model.config("{\"text_config\": {\"final_logit_softcapping\": 30.5}}"),
        APART,
        List.of("score.weight"),
        told.formatted("final_logit_softcapping: 30.5"));
    refused(
        model.config("{\"logits_soft_cap\": 5}"),
        APART,
        List.of(),
        told.formatted("logits_soft_cap: 5"));
  }

  @Test
  void aBoundThatIsNotSetBendsNothing() {
    ModelHeaders model = model("score.weight").config("{\"final_logit_softcapping\": null}");
    assertThat(found(model, APART)).containsExactly("score.weight");
  }

  @Test
  void theMergeDividesItsTensorsAndCopiesAllElse() {
    assertThat(new HeadFold("models/a", List.of("score.weight", "score.bias")).recipe(2.5))
        .hasToString(
            """
            merge_method: "passthrough"
            models:
              - {model: "models/a", parameters: {scale: [{filter: "score.weight", value: 0.4}, \
            {filter: "score.bias", value: 0.4}, {value: 1.0}]}}
            """);
  }
}

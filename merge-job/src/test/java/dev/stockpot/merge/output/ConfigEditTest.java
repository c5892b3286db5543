package dev.stockpot.merge.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.structure.JsonConfiguration;
import dev.stockpot.merge.structure.KeyEdit;
import dev.stockpot.merge.structure.LayerKeys;
import dev.stockpot.merge.structure.Stack;
import dev.stockpot.merge.structure.Structure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration of a merged model: its donor's, with what the merge changed. */
class ConfigEditTest {
  /** The configuration of a donor with some edits; quotes are single ones. */
  private static String merged(String donor, ConfigEdit... edits) {
    JsonObject config =
        ModelHeaders.named("donor").config(donor.replace('\'', '"')).open().config().tree();
    for (ConfigEdit edit : edits) {
      config = edit.apply(config);
    }
    return JsonWriter.text(JsonStyle.COMPACT, config).replace('"', '\'');
  }

  /** The configuration of a stack of so many layers that became others. */
  private static String stacked(String donor, int before, Integer... origins) {
    JsonConfiguration config = JsonConfiguration.of(donor.replace('\'', '"'));
    List<String> names =
        IntStream.range(0, before).mapToObj("model.layers.%s.x"::formatted).toList();
    Stack stack = Structure.of(config, names).mainStacks().get(0);
    LayerKeys.Following following = LayerKeys.follow(config, stack, List.of(origins));
    assertThat(following.lost()).isEmpty();
    return merged(donor, ConfigEdit.keys(following.edits()));
  }

  @Test
  void keepsEverythingThatTheMergeDidNotChange() {
    String donor = "{'model_type':'llama','rope':{'theta':10000.0},'ids':[1,2],'none':null}";
    assertThat(merged(donor)).isEqualTo(donor);
  }

  @Test
  void keepsNumbersThatOnlyPythonCanWrite() {
    String donor = "{'time_step_limit':[0.0,Infinity,-Infinity,NaN]}";
    assertThat(merged(donor, ConfigEdit.untied()))
        .isEqualTo(donor.replace("}", ",'tie_word_embeddings':false}"));
  }

  @ParameterizedTest
  @CsvSource({"BF16, bfloat16", "F16, float16", "F32, float32", "F64, float64"})
  void namesTheTypeAsTransformersDoes(DType dtype, String word) {
    assertThat(merged("{'torch_dtype':'float8'}", ConfigEdit.type(dtype)))
        .isEqualTo("{'torch_dtype':'%s'}".formatted(word));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'quant_method':'fp8','weight_block_size':[128,128]}",
        "{'quant_method':'fbgemm_fp8'}",
        "{'quant_method':'compressed-tensors','format':'float-quantized'}",
      })
  void forgetsTheQuantizationOfTensorsThatAreNoLongerFp8(String quantization) {
    String donor =
        "{'torch_dtype':'float8_e4m3fn','quantization_config':%s,'x':1}".formatted(quantization);
    assertThat(merged(donor, ConfigEdit.withoutFloat8(DType.BF16)))
        .isEqualTo("{'torch_dtype':'bfloat16','x':1}");
    assertThat(merged(donor)).isEqualTo(donor);
  }

  @Test
  void keepsAQuantizationOfAnotherKindAndATypeThatIsNotFp8() {
    String donor = "{'torch_dtype':'float16','quantization_config':{'quant_method':'gptq'}}";
    assertThat(merged(donor, ConfigEdit.withoutFloat8(DType.BF16))).isEqualTo(donor);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'torch_dtype':'X'}",
        "{'dtype':'X'}",
        "{'torch_dtype':'X','dtype':'X'}",
        "{'text_config':{'num_hidden_layers':2,'dtype':'X'},'dtype':'X'}",
      })
  void namesTheTypeWhereverTheDonorDoes(String config) {
    assertThat(merged(config.replace("X", "float32"), ConfigEdit.type(DType.BF16)))
        .isEqualTo(config.replace("X", "bfloat16"));
  }

  @Test
  void namesTheTypeWhereTheDonorDoesNot() {
    assertThat(merged("{}", ConfigEdit.type(DType.F16))).isEqualTo("{'torch_dtype':'float16'}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"num_hidden_layers", "n_layer", "num_layers", "n_layers"})
  void countsTheLayersUnderTheNameOfTheFamily(String key) {
    assertThat(stacked("{'%s':2}".formatted(key), 2, 0, 1, 0, 1))
        .isEqualTo("{'%s':4}".formatted(key));
  }

  @Test
  void countsTheLayersOfTheTextModel() {
    assertThat(
            stacked(
                "{'vision_config':{'num_hidden_layers':9},'text_config':{'num_hidden_layers':2}}",
                2,
                0,
                1,
                1))
        .isEqualTo(
            "{'vision_config':{'num_hidden_layers':9},'text_config':{'num_hidden_layers':3}}");
  }

  @Test
  void rearrangesListsThatHaveAnEntryForEachLayer() {
    assertThat(
            stacked(
                "{'n_layer':3,'layer_types':['full','sliding','linear'],'no_rope_layers':[1,0,1]}",
                3,
                0,
                1,
                1,
                2,
                0))
        .isEqualTo(
            "{'n_layer':5,'layer_types':['full','sliding','sliding','linear','full'],"
                + "'no_rope_layers':[1,0,0,1,1]}");
  }

  @Test
  void givesLayersThatTheDonorLacksTheKindOfItsLast() {
    assertThat(stacked("{'n_layer':2,'layer_types':['full','sliding']}", 2, 0, 1, 7))
        .isEqualTo("{'n_layer':3,'layer_types':['full','sliding','sliding']}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'architectures':['Llama','L']", "'eos_token_id':[7,8]", "'sizes':[1,2,3]"})
  void keepsListsThatHaveNothingToDoWithLayers(String list) {
    assertThat(stacked("{'n_layer':2,%s}".formatted(list), 2, 0, 1, 0, 1))
        .isEqualTo("{'n_layer':4,%s}".formatted(list));
  }

  @ParameterizedTest
  @CsvSource({"4, 6", "2, 2"})
  void raisesALimitOfLayersOnlyIfItTookInAllOfThem(int before, int after) {
    assertThat(
            stacked(
                "{'max_window_layers':%s,'num_hidden_layers':4}".formatted(before),
                4,
                0,
                1,
                2,
                1,
                2,
                3))
        .isEqualTo("{'max_window_layers':%s,'num_hidden_layers':6}".formatted(after));
  }

  @Test
  void keepsTheLayersOfAConfigurationThatDoesNotCountThem() {
    assertThat(stacked("{'kinds':[1,2]}", 2, 0, 1, 1)).isEqualTo("{'kinds':[1,2]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'tie_word_embeddings':true} | {'tie_word_embeddings':false}",
        "{} | {'tie_word_embeddings':false}",
        "{'text_config':{'tie_word_embeddings':true}} | {'text_config':{'tie_word_embeddings':false},'tie_word_embeddings':false}",
        "{'llm_config':{},'n':1} | {'llm_config':{'tie_word_embeddings':false},'n':1,'tie_word_embeddings':false}",
        "{'thinker_config':{'text_config':{},'x':1}} | {'thinker_config':{'text_config':{'tie_word_embeddings':false},'x':1},'tie_word_embeddings':false}",
        "{'decoder':{'tie_word_embeddings':true}} | {'decoder':{'tie_word_embeddings':false},'tie_word_embeddings':false}",
      })
  void untiesTheHeadWhereItIsTied(String donor, String expected) {
    assertThat(merged(donor.replace("''", "'"), ConfigEdit.untied()))
        .isEqualTo(expected.replace("''", "'"));
  }

  @Test
  void appliesOneEditAfterTheOther() {
    assertThat(
            merged(
                "{'torch_dtype':'float8_e4m3fn','n_layer':1}",
                ConfigEdit.type(DType.F32),
                ConfigEdit.withoutFloat8(DType.F32),
                ConfigEdit.keys(List.of(new KeyEdit("n_layer", new KeyEdit.Whole(2)))),
                ConfigEdit.untied()))
        .isEqualTo("{'torch_dtype':'float32','n_layer':2,'tie_word_embeddings':false}");
  }

  @Test
  void changesOneElementOfAList() {
    assertThat(
            merged(
                "{'a':{'depths':[1,2,3]},'b':0}",
                ConfigEdit.keys(List.of(new KeyEdit("a.depths", new KeyEdit.Element(1, 7))))))
        .isEqualTo("{'a':{'depths':[1,7,3]},'b':0}");
  }

  @Test
  void writesTextsAndValuesUnderOtherNames() {
    Map<String, String> origins = new LinkedHashMap<>();
    origins.put("0", "1");
    origins.put("1", "1");
    assertThat(
            merged(
                "{'skip':['x'],'map':{'0':5,'1':6}}",
                ConfigEdit.keys(
                    List.of(
                        new KeyEdit("skip", new KeyEdit.Texts(List.of("y", "z"))),
                        new KeyEdit("map", new KeyEdit.Renamed(origins))))))
        .isEqualTo("{'skip':['y','z'],'map':{'0':6,'1':6}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "gone.key", "there.gone"})
  void bringsNothingBackThatAnotherEditHasTakenAway(String path) {
    KeyEdit texts = new KeyEdit(path, new KeyEdit.Texts(List.of("y")));
    KeyEdit names = new KeyEdit(path, new KeyEdit.Renamed(Map.of("0", "1")));
    KeyEdit places = new KeyEdit(path, new KeyEdit.Rearranged(List.of(0)));
    assertThat(merged("{'there':{'a':1}}", ConfigEdit.keys(List.of(texts, names, places))))
        .isEqualTo("{'there':{'a':1}}");
  }

  @Test
  void namesNoTypeThatIsNotWritten() {
    assertThatThrownBy(() -> ConfigEdit.type(DType.F8_E4M3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no configuration names F8_E4M3 as its type");
  }
}

package dev.stockpot.merge.commit;

import static dev.stockpot.merge.commit.SmallMerge.OUTPUT;
import static dev.stockpot.merge.commit.SmallMerge.RECIPE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a merge leaves to tell how it was made. */
class ManifestTest {
  private static final String CRC_OF_8_ZEROS = "8c28b28a";

  private static JsonNode manifest(SmallMerge merge) throws IOException {
    return new ObjectMapper().readTree(merge.text("stockpot-manifest.json"));
  }

  @Test
  void tellsMethodSeedRecipeAndVersions() throws IOException {
    SmallMerge merge = new SmallMerge(1000);
    merge.run();
    JsonNode manifest = manifest(merge);
    assertThat(manifest.fieldNames())
        .toIterable()
        .containsExactly(
            "format",
            "versions",
            "method",
            "seed",
            "recipe",
            "inputs",
            "shards",
            "parameters",
            "files");
    assertThat(manifest.get("format").intValue()).isEqualTo(1);
    assertThat(manifest.get("versions").toString()).isEqualTo("{\"stockpot\":\"1.2.3\"}");
    assertThat(manifest.get("method").textValue()).isEqualTo("linear");
    assertThat(manifest.get("seed").longValue()).isEqualTo(7);
    assertThat(manifest.get("recipe").textValue()).isEqualTo(RECIPE);
  }

  @Test
  void listsEveryOtherFileWithItsSize() throws IOException {
    SmallMerge merge = new SmallMerge(1000);
    merge.run();
    List<String> files = new ArrayList<>();
    for (JsonNode file : manifest(merge).get("files")) {
      String name = file.get("file").textValue();
      files.add(name);
      assertThat(file.get("size").longValue()).isEqualTo(merge.text(name).length());
    }
    assertThat(files).containsExactly("README.md", "config.json", "tokenizer.json");
  }

  @Test
  void tellsWhatRoundingDidWhereItDidSomething() throws IOException {
    SmallMerge merge = new SmallMerge(1000);
    Map<String, LostUpdates> updates =
        Map.of("t.1", new LostUpdates(4, 3), "t.2", new LostUpdates(4, 0));
    JsonNode manifest =
        new ObjectMapper()
            .readTree(
                OutputFiles.json(
                        Manifest.of(
                            new MergeFacts(
                                "",
                                "ties",
                                0,
                                Rounding.Mode.STOCHASTIC,
                                updates,
                                Map.of("t.2", new NonFinite(1, 2, 3, 4)),
                                Map.of(),
                                Map.of(),
                                Optional.empty(),
                                List.of(),
                                Optional.empty()),
                            merge.inputs(),
                            merge.plan(),
                            new OutputSums(Map.of("t.1", 1, "t.2", 2, "t.10", 3), Map.of()),
                            Map.of()))
                    .array());
    assertThat(manifest.get("rounding").textValue()).isEqualTo("stochastic");
    assertThat(manifest.at("/shards/0/tensors/0/updated").longValue()).isEqualTo(4);
    assertThat(manifest.at("/shards/0/tensors/0/lost").longValue()).isEqualTo(3);
    assertThat(manifest.at("/shards/0/tensors/0").has("nonfinite")).isFalse();
    assertThat(manifest.at("/shards/0/tensors/1/nonfinite").toString())
        .isEqualTo("{\"narrowed\":1,\"carried\":2,\"made\":3,\"overflowed\":4}");
    assertThat(manifest.at("/shards/0/tensors/1").has("updated")).isFalse();
    assertThat(manifest.at("/shards/0/tensors/2").has("lost")).isFalse();
  }

  @Test
  void tellsTheSizeAndVersionOfEveryInput() throws IOException {
    SmallMerge merge = new SmallMerge(1000);
    merge.run();
    JsonNode inputs = manifest(merge).get("inputs");
    assertThat(inputs).hasSize(2);
    assertThat(inputs.get(1).toString())
        .isEqualTo(
            "{\"model\":\"models/b\",\"shards\":[{\"file\":\"model.safetensors\",\"size\":%s,\"version\":\"change:4\"}]}"
                .formatted(merge.inputs().get(1).shards().get(0).size()));
  }

  @Test
  void tellsAChecksumAndTheParametersOfEveryTensor() throws IOException {
    SmallMerge merge = new SmallMerge(16);
    merge.run();
    JsonNode manifest = manifest(merge);
    assertThat(manifest.at("/shards/0/file").textValue())
        .isEqualTo("model-00001-of-00002.safetensors");
    assertThat(manifest.at("/shards/0/size").longValue())
        .isEqualTo(merge.store().bytes(OUTPUT.child("model-00001-of-00002.safetensors")).length);
    assertThat(manifest.at("/shards/0/tensors").toString())
        .isEqualTo(
            """
            [{"name":"t.1","dtype":"BF16","shape":"[4]","crc32c":"%1$s","parameters":0},
            {"name":"t.2","dtype":"BF16","shape":"[2, 2]","crc32c":"%1$s","parameters":1}]\
            """
                .replace("\n", "")
                .formatted(CRC_OF_8_ZEROS));
    assertThat(manifest.at("/shards/1/tensors").toString())
        .isEqualTo(
            "[{\"name\":\"t.10\",\"dtype\":\"BF16\",\"shape\":\"[4]\",\"crc32c\":\"%s\",\"parameters\":0}]"
                .formatted(CRC_OF_8_ZEROS));
  }

  @Test
  void tellsParametersThatManyTensorsShareOnce() throws IOException {
    SmallMerge merge = new SmallMerge(1000);
    merge.run();
    assertThat(manifest(merge).get("parameters").toString())
        .isEqualTo(
            """
            [{"merge":{"normalize":true},"models":[
            {"model":"models/a","values":{"weight":0.25}},
            {"model":"models/b","values":{"weight":0.75}}]},
            {"merge":{"normalize":true},"models":[
            {"model":"models/a","values":{"weight":0.25}},
            {"model":"models/b","values":{"weight":3.0}}]}]\
            """
                .replace("\n", ""));
  }

  @Test
  void isTheSameForTheSameMerge() throws IOException {
    SmallMerge merge = new SmallMerge(1000);
    merge.run();
    String first = merge.text("stockpot-manifest.json");
    merge.run();
    assertThat(merge.text("stockpot-manifest.json")).isEqualTo(first);
    SmallMerge other = new SmallMerge(1000);
    other.run();
    assertThat(other.text("stockpot-manifest.json")).isEqualTo(first);
  }

  @Test
  void tellsVersionsInOneOrder() {
    Map<String, String> versions = Map.of("b", "2", "a", "1", "d", "4", "c", "3");
    assertThat(new MergeFacts("", "linear", 0, Rounding.Mode.NEAREST, versions).versions().keySet())
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void writesACardForPeople() throws IOException {
    SmallMerge merge = new SmallMerge(1000);
    merge.run();
    assertThat(merge.text("README.md"))
        .isEqualTo(
            """
            ---
            library_name: transformers
            # base_model: none of the models is known by its name on a hub
            # license: the models do not say the same, or nothing
            tags:
            - merge
            - stockpot
            ---

            # Merged model

            Made by Stockpot with the method `linear` of:

            - `a`
            - `b`

            The recipe:

                merge_method: linear
                models:
                  - model: models/a
                    parameters: {weight: 0.25}
                  - model: models/b
                    parameters: {weight: [{filter: t.2, value: 3}, {value: 0.75}]}

            Inputs, parameters, seed and a checksum of every tensor are in `stockpot-manifest.json`; `stockpot verify` checks them.
            """);
  }

  @Test
  void carriesTheTokenizerAndConfigurationOfTheDonor() throws IOException {
    SmallMerge merge = new SmallMerge(1000);
    merge.run();
    assertThat(merge.text("tokenizer.json")).isEqualTo("tokens of models/a");
    assertThat(merge.text("config.json")).isEqualTo("{\"n_layer\": 3}");
  }
}

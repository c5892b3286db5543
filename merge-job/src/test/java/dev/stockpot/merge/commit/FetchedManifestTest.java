package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy says where it is from and what every file is. */
class FetchedManifestTest {
  private static final String EMPTY_SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private final Map<String, ByteBuffer> small = new LinkedHashMap<>();
  private final FetchedManifest manifest =
      new FetchedManifest(
          "hf://org/model@main",
          "1.2.3",
          Map.of("model.safetensors", 5_000_000L),
          Map.of("model.safetensors", "a".repeat(64)));

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private JsonObject written() throws JsonException {
    Map<String, ByteBuffer> files = manifest.with(small);
    List<String> names = new ArrayList<>(files.keySet());
    assertThat(names.get(names.size() - 1)).as("it comes last").isEqualTo(Manifest.FILE_NAME);
    ByteBuffer text = files.get(Manifest.FILE_NAME).duplicate();
    return Json.parse(UTF_8.decode(text).toString().getBytes(UTF_8)).object().orElseThrow();
  }

  @Test
  void everyFileIsListedWithItsSizeAndDigest() throws JsonException {
    small.put("config.json", bytes(""));
    small.put("unet/config.json", bytes("{}"));
    JsonObject json = written();
    assertThat(json.objects(Manifest.FILES))
        .extracting(file -> file.text("file"))
        .containsExactly("config.json", "model.safetensors", "unet/config.json");
    JsonObject first = json.objects(Manifest.FILES).get(0);
    assertThat(first.whole("size", -1)).isZero();
    assertThat(first.text("sha256")).isEqualTo(EMPTY_SHA256);
    JsonObject weights = json.objects(Manifest.FILES).get(1);
    assertThat(weights.whole("size", -1)).isEqualTo(5_000_000);
    assertThat(weights.text("sha256")).isEqualTo("a".repeat(64));
    JsonObject from = json.object("fetched").orElseThrow();
    assertThat(from.text("from")).isEqualTo("hf://org/model@main");
    assertThat(from.text("by")).isEqualTo("1.2.3");
    assertThat(json.whole("format", -1)).isEqualTo(Manifest.FORMAT);
  }

  @Test
  void contentsAreNotReadAway() {
    ByteBuffer config = bytes("{}");
    small.put("config.json", config);
    assertThat(manifest.with(small).get("config.json").remaining()).isEqualTo(2);
    assertThat(config.remaining()).isEqualTo(2);
  }

  @Test
  void theManifestOfAMergeStaysWithWhereItWasFetchedFrom() throws JsonException {
    small.put(
        Manifest.FILE_NAME,
        bytes(
            "{\"format\": %s, \"recipe\": \"merge_method: ties\", \"files\": [{\"file\": \"old\"}]}"
                .formatted(Manifest.FORMAT)));
    JsonObject json = written();
    assertThat(json.text("recipe")).isEqualTo("merge_method: ties");
    assertThat(json.objects(Manifest.FILES))
        .extracting(file -> file.text("file"))
        .containsExactly("model.safetensors");
    assertThat(json.object("fetched")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{", "{\"format\": -1}", "{\"format\": \"1\"}"})
  void whatIsNoManifestOfOursIsReplaced(String text) throws JsonException {
    small.put(Manifest.FILE_NAME, bytes(text));
    JsonObject json = written();
    assertThat(json.whole("format", -1)).isEqualTo(Manifest.FORMAT);
    assertThat(json.objects(Manifest.FILES)).hasSize(1);
  }
}

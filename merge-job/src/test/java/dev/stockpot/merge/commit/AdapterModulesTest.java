package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.output.RankCut;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How near an adapter comes to each module's change, in a manifest and out of it. */
class AdapterModulesTest {
  private static final JsonObject MANIFEST = JsonObject.EMPTY.with("format", 1);

  /** As it stands in a file. */
  private static JsonObject read(String text) throws JsonException {
    return Json.parse(text.getBytes(UTF_8)).object().orElseThrow();
  }

  @Test
  void modulesAreListedInNaturalOrder() {
    Map<String, RankCut> cuts =
        Map.of(
            "layers.10.q", new RankCut(8, 2.5, 0.125, 1),
            "layers.2.q", new RankCut(4, 1, 0, 3.5));
    assertThat(JsonWriter.text(JsonStyle.COMPACT, AdapterModules.in(MANIFEST, cuts)))
        .isEqualTo(
            "{\"format\":1,\"adapter\":["
                + "{\"module\":\"layers.2.q\",\"rank\":4,\"error\":0.0,\"norm\":1.0,"
                + "\"stable_rank\":3.5},"
                + "{\"module\":\"layers.10.q\",\"rank\":8,\"error\":0.125,\"norm\":2.5,"
                + "\"stable_rank\":1.0}"
                + "]}");
  }

  @Test
  void numbersAreReadToTheBit() throws JsonException {
    Map<String, RankCut> cuts =
        Map.of(
            "a", new RankCut(1, 1.0 / 3, Double.MIN_VALUE, Math.PI),
            "b", new RankCut(64, 1e300, 0, 0));
    String text = JsonWriter.text(JsonStyle.SPACIOUS, AdapterModules.in(MANIFEST, cuts));
    assertThat(AdapterModules.of(read(text))).isEqualTo(cuts);
  }

  @Test
  void aManifestOfACheckpointHasNoneAndStaysAsItIs() {
    assertThat(AdapterModules.in(MANIFEST, Map.of())).isEqualTo(MANIFEST);
    assertThat(AdapterModules.of(MANIFEST)).isEmpty();
    assertThat(AdapterModules.areIn(MANIFEST)).isFalse();
    assertThat(
            AdapterModules.areIn(AdapterModules.in(MANIFEST, Map.of("a", new RankCut(1, 1, 0, 1)))))
        .isTrue();
  }

  @Test
  void whatIsMissingIsNotTakenForNothing() throws JsonException {
    for (String entry : new String[] {"\"rank\":1,\"error\":0", "\"error\":0,\"norm\":1", ""}) {
      String comma = entry.isEmpty() ? "" : ",";
      JsonObject manifest = read("{\"adapter\":[{\"module\":\"q\"%s%s}]}".formatted(comma, entry));
      assertThatThrownBy(() -> AdapterModules.of(manifest))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("rank ");
    }
  }
}

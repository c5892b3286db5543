package dev.stockpot.merge.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Families of {@code transformers}, as they were measured: each a configuration with three blocks
 * or a few more, and names of its tensors.
 */
class FamiliesTest {
  private static final int FEWEST = 60;

  /** One measured model. */
  record Measured(String type, JsonNode record) {
    @Override
    public String toString() {
      return type;
    }

    List<String> names() {
      List<String> names = new ArrayList<>();
      record.get("names").forEach(name -> names.add(name.textValue()));
      return names;
    }

    Structure structure() {
      return Structure.of(new JsonConfiguration(record.get("config")), names());
    }
  }

  static List<Measured> families() throws IOException {
    try (InputStream lines = measured()) {
      List<Measured> families = new ArrayList<>();
      new JsonMapper()
          .readerFor(JsonNode.class)
          .<JsonNode>readValues(lines)
          .forEachRemaining(
              record -> families.add(new Measured(record.get("type").textValue(), record)));
      return families;
    }
  }

  /** A sample, or what the system property {@code families} names. */
  private static InputStream measured() throws IOException {
    String file = System.getProperty("families", "");
    return file.isEmpty()
        ? FamiliesTest.class.getResourceAsStream("families.jsonl")
        : Files.newInputStream(Path.of(file));
  }

  @Test
  void areMany() throws IOException {
    assertThat(families()).hasSizeGreaterThanOrEqualTo(FEWEST);
    assertThat(Families.size()).isGreaterThan(600);
  }

  @ParameterizedTest
  @MethodSource("families")
  void haveTheStacksThatGrowWithTheirKeys(Measured family) {
    List<Stack> stacks = family.structure().stacks();
    for (Map.Entry<String, JsonNode> measured : family.record().get("stacks").properties()) {
      Optional<Stack> found =
          stacks.stream()
              .filter(stack -> stack.prefix().equals(measured.getKey() + "."))
              .findFirst();
      JsonNode key = measured.getValue().get(1);
      Optional<String> count = found.flatMap(Stack::count).map(CountKey::toString);
      if (key.isNull()) {
        assertThat(count).as(measured.getKey()).isEmpty();
      } else {
        assertThat(count).as(measured.getKey()).contains(key.textValue());
        assertThat(found.orElseThrow().layers()).isEqualTo(measured.getValue().get(0).intValue());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void havePlacesFromTheFirstLayerToTheLast(Measured family) {
    Structure structure = family.structure();
    for (Stack stack : structure.stacks()) {
      List<Double> depths =
          family.names().stream()
              .flatMap(name -> structure.place(name).stream())
              .filter(place -> place.stack().equals(stack))
              .map(Place::depth)
              .distinct()
              .sorted()
              .toList();
      List<Double> expected =
          Stream.iterate(0, layer -> layer + 1)
              .limit(stack.layers())
              .map(layer -> stack.layers() == 1 ? 1.0 : layer / (stack.layers() - 1.0))
              .toList();
      assertThat(depths).as(stack.prefix()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void tieTheirHeadsAsTheirClassesDo(Measured family) {
    ObjectNode silent = family.record().get("config").deepCopy();
    forgetTies(silent);
    Sharing sharing = Structure.of(new JsonConfiguration(silent), family.names()).ties().sharing();
    boolean tied = family.record().get("tied").booleanValue();
    assertThat(sharing).isEqualTo(tied ? Sharing.SHARED : Sharing.SEPARATE);
  }

  private static void forgetTies(ObjectNode config) {
    config.remove(Ties.KEY);
    config.forEach(
        value -> {
          if (value instanceof ObjectNode part) {
            forgetTies(part);
          }
        });
  }
}

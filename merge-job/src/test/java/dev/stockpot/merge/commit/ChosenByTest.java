package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A choice is found again by who asked for the same trials of the same models, and by no other. */
class ChosenByTest {
  private static final Location FOLDER = new Location("/soups/1");
  private static final String ASKED = "search: {trials: 2}\n";
  private static final JsonObject TRIAL = JsonObject.EMPTY.with("score", 3);

  private final MemoryStore store = new MemoryStore();

  private static ChosenBy chosen(String asked) {
    return new ChosenBy(asked, "digest", List.of(TRIAL), List.of(), List.of(), Optional.empty());
  }

  /** What trials leave that chose something, and merged nothing. */
  private void publish(ChosenBy by) {
    Map<String, ByteBuffer> files =
        OutputFiles.ofTrials("chosen: yes\n", by, Map.of("stockpot", "1"), Map.of());
    byte[] manifest = UTF_8.decode(files.get("stockpot-manifest.json")).toString().getBytes(UTF_8);
    store.write(FOLDER.child("stockpot-manifest.json"), manifest);
  }

  private Optional<ChosenBy.Before> before(String asked, String inputs) throws IOException {
    return ChosenBy.in(store, FOLDER, asked, inputs);
  }

  @Test
  void theSameTrialsAreNotMadeTwice() throws IOException {
    publish(chosen(ASKED));
    ChosenBy.Before before = before(ASKED, "digest").orElseThrow();
    assertThat(before.recipe()).isEqualTo("chosen: yes\n");
    assertThat(before.by()).isEqualTo(chosen(ASKED));
  }

  @Test
  void trialsOfAnotherRecipeOrOfOtherModelsAreOthers() throws IOException {
    publish(chosen(ASKED));
    assertThat(before(ASKED + " ", "digest")).isEmpty();
    assertThat(before(ASKED, "another")).isEmpty();
  }

  @Test
  void aFolderWithoutTrialsHasChosenNothing() throws IOException {
    assertThat(before(ASKED, "digest")).isEmpty();
    store.write(FOLDER.child("stockpot-manifest.json"), "{\"format\": 1}".getBytes(UTF_8));
    assertThat(before("", "")).as("which says nothing of any").isEmpty();
    store.write(FOLDER.child("stockpot-manifest.json"), "{".getBytes(UTF_8));
    assertThat(before(ASKED, "digest")).isEmpty();
  }

  @Test
  void keysAreNotWrittenDownAndTheSameRecipeIsKnownAllTheSame() throws IOException {
    String asked = ASKED + "api_key: abcdefghij0123456789\n";
    assertThat(chosen(asked).recipe()).isEqualTo(ASKED + "api_key: ***\n");
    publish(chosen(asked));
    assertThat(before(asked, "digest")).isPresent();
    assertThat(before(ASKED + "api_key: another0123456789\n", "digest"))
        .as("a key that was renewed changes no trial")
        .isPresent();
  }

  @Test
  void onlyWhatThereIsIsSaid() {
    assertThat(JsonWriter.text(JsonStyle.COMPACT, chosen("r").json()))
        .isEqualTo("{\"recipe\":\"r\",\"inputs\":\"digest\",\"trials\":[{\"score\":3}]}");
  }

  @Test
  void testsAlternativesAndTheStateOfASearchComeBackInOrder() throws IOException {
    JsonObject other = JsonObject.EMPTY.with("score", 4);
    ChosenBy all =
        new ChosenBy(
            ASKED,
            "digest",
            List.of(TRIAL, other),
            List.of(other, TRIAL),
            List.of(other),
            Optional.of(JsonObject.EMPTY.with("generation", 9)));
    assertThat(all.json().fields().keySet())
        .containsExactly("recipe", "inputs", "trials", "tests", "alternatives", "state");
    publish(all);
    assertThat(before(ASKED, "digest").orElseThrow().by()).isEqualTo(all);
  }
}

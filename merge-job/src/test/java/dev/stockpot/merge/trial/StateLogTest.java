package dev.stockpot.merge.trial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Choosers;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.choose.SearchState;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a search stands is written down, and read back to the last digit. */
class StateLogTest {
  private static final Location FOLDER = new Location("/trials/one");

  private final MemoryStore store = new MemoryStore();
  private final Chooser search =
      Choosers.cmaEs(new Point(List.of(.5, .5)), 1.0 / 6, 4, 100, /* seed= */ 3);

  private void tellAGeneration() {
    for (int i = 0; i < 4; i++) {
      search.tell(Score.of(search.upcoming(1).get(0).values().get(0) / 3));
    }
  }

  @Test
  void whatAJournalHasIsTheStateToTheLastDigit() throws Exception {
    try (PendingFolder first = store.resume(FOLDER, Replaceable.NOTHING)) {
      StateLog log = new StateLog(search, first);
      log.note();
      tellAGeneration();
      log.note();
      first.keep();
    }
    try (PendingFolder second = store.resume(FOLDER, Replaceable.NOTHING)) {
      String text = UTF_8.decode(second.journal().get("state.json").duplicate()).toString();
      assertThat(StateJson.read(text)).isEqualTo(search.state().orElseThrow());
    }
  }

  @Test
  void theHashIsThatOfTheStateAndOfNoOther() throws IOException {
    try (PendingFolder folder = store.resume(FOLDER, Replaceable.NOTHING)) {
      StateLog log = new StateLog(search, folder);
      List<String> hashes = new ArrayList<>();
      for (int generation = 0; generation < 5; generation++) {
        assertThat(log.hash()).matches("[0-9a-f]{16}").isEqualTo(log.hash());
        hashes.add(log.hash());
        tellAGeneration();
      }
      assertThat(hashes).doesNotHaveDuplicates();
    }
  }

  @Test
  void whoKeepsNoStateHasNothingWrittenDown() throws IOException {
    try (PendingFolder folder = store.resume(FOLDER, Replaceable.NOTHING)) {
      StateLog log = new StateLog(Choosers.line(3), folder);
      log.note();
      assertThat(log.hash()).isEmpty();
      assertThat(log.json()).isEmpty();
      assertThat(folder.journal()).isEmpty();
    }
  }

  @Test
  void aManifestHasTheStateWithWhatWasChosen() throws JsonException {
    SearchState state = search.state().orElseThrow();
    String text = StateJson.text(state);
    assertThat(StateJson.read("{\"chosen\": {\"state\": %s}, \"seed\": 1}".formatted(text)))
        .isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "7",
        "{",
        "{}",
        "{\"chosen\": {\"trials\": []}}",
        "{\"generation\": 1, \"sigma\": \"wide\"}",
        "{\"generation\": 0.5, \"sigma\": 1, \"mean\": [0.5], \"covariance\": [1],"
            + " \"sigma_path\": [0], \"covariance_path\": [0]}",
        "{\"generation\": 1, \"sigma\": 1, \"mean\": [\"a\"], \"covariance\": [1],"
            + " \"sigma_path\": [0], \"covariance_path\": [0]}",
        "{\"generation\": 1, \"sigma\": 1, \"mean\": [0.5, 0.5], \"covariance\": [1],"
            + " \"sigma_path\": [0], \"covariance_path\": [0]}"
      })
  void whatIsNoStateIsRefused(String text) {
    assertThatThrownBy(() -> StateJson.read(text)).isInstanceOf(JsonException.class);
  }
}

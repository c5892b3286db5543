package dev.stockpot.merge.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.SearchState;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.util.Optional;

/**
 * Writes down where a search stands, as JSON, each time that a generation is over: trials name the
 * state that they were drawn from by its hash.
 */
final class StateLog {
  private static final String ENTRY = "state.json";

  private final Chooser chooser;
  private final PendingFolder journal;
  private Optional<SearchState> last = Optional.empty();
  private String hash = "";
  private String written = "";

  StateLog(Chooser chooser, PendingFolder journal) {
    this.chooser = chooser;
    this.journal = journal;
  }

  /** Of the present state; empty where a chooser keeps none. */
  String hash() {
    Optional<SearchState> state = chooser.state();
    if (!state.equals(last)) {
      last = state;
      hash = state.map(StateJson::hash).orElse("");
    }
    return hash;
  }

  /** Writes the present state down, unless that is done. */
  void note() throws IOException {
    if (!hash().equals(written)) {
      journal.note(ENTRY, UTF_8.encode(StateJson.text(last.orElseThrow())));
      written = hash;
    }
  }

  /** The present state, as a manifest has it. */
  Optional<JsonObject> json() {
    return chooser.state().map(StateJson::of);
  }
}

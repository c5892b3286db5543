package dev.stockpot.merge.trial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.storage.PendingFolder;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Searches run to their ends: candidates of one reading, the same ones twice, and the journal. */
class SearchRunTest extends TrialRunCases {
  private static final Pattern WEIGHT = Pattern.compile("weight: ([0-9.]+)");
  private static final String CHOICE =
      SEARCH.replace("{range: [0, 1]}", "{choice: [0.25, 0.5, 0.25]}");

  private static final String HALVED =
      "evaluate: {command: [e, '{model}', '{budget}'], direction: max}\n";

  /** The weight of the first model, by the candidate's recipe. */
  private static double weight(Candidate candidate) {
    Matcher matcher = WEIGHT.matcher(candidate.recipe());
    assertThat(matcher.find()).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void asManyAsThereIsRoomForAreMadeInOneReading() throws Exception {
    Tasting tasting = new Tasting(SearchRunTest::weight);

    TrialRun.Chosen chosen =
        run("one", judged(SEARCH + "search: {strategy: grid, levels: 6}\n", tasting.judges()));

    assertThat(kitchen.readings).extracting(List::size).containsExactly(4, 2);
    assertThat(kitchen.there).isEmpty();
    assertThat(tasting.asked)
        .extracting(SearchRunTest::weight)
        .containsExactly(0.0, 0.2, 0.4, 0.6, 0.8, 1.0);
    assertThat(chosen.what()).isEqualTo("models[0].parameters.weight = 1.000");
    assertThat(chosen.trials())
        .extracting(trial -> trial.text("verdict"))
        .containsOnly("best so far");
  }

  /** Two places of a search may be one recipe, which is paid for once and counts twice. */
  @Test
  void theSameRecipeIsMadeAndAskedForOnce() throws Exception {
    Tasting tasting = new Tasting(candidate -> -weight(candidate));

    TrialRun.Chosen chosen = run("one", judged(CHOICE + "search: grid\n", tasting.judges()));

    assertThat(tasting.asked).extracting(SearchRunTest::weight).containsExactly(0.25, 0.5);
    assertThat(kitchen.readings).hasSize(1);
    assertThat(kitchen.heard).containsExactly("1 best so far", "2 ", "3  (known)");
    assertThat(chosen.trials().get(2).text("candidate"))
        .isEqualTo(chosen.trials().get(0).text("candidate"));
  }

  @Test
  void aRecipeThatFailedIsNotAskedForAgainInTheSameRun() throws Exception {
    Tasting tasting =
        new Tasting(
            candidate -> {
              if (weight(candidate) < 0.3) {
                throw new EvaluationException("no score");
              }
              return 1;
            });

    run("one", judged(CHOICE + "search: grid\n", tasting.judges()));

    assertThat(tasting.asked).hasSize(2);
    assertThat(kitchen.heard).containsExactly("1 failed", "2 best so far", "3 failed (known)");
  }

  @Test
  void eachTrialNamesTheStateThatItWasDrawnFrom() throws Exception {
    Tasting tasting = new Tasting(candidate -> -Math.abs(weight(candidate) - 0.3));
    String search = "search: {strategy: cma_es, evaluations: 12, population: 4}\n";

    TrialRun.Chosen chosen = run("one", judged(SEARCH + search, tasting.judges()));

    List<String> states =
        chosen.trials().stream().map(trial -> trial.text("state")).distinct().toList();
    assertThat(states).hasSize(3).allMatch(state -> state.matches("[0-9a-f]{16}"));
    assertThat(chosen.trials().subList(4, 8))
        .extracting(trial -> trial.text("state"))
        .containsOnly(states.get(1));
    assertThat(chosen.state().flatMap(state -> state.get("generation")).orElseThrow().whole())
        .hasValue(3);
    try (PendingFolder journal = folder("one")) {
      String text = UTF_8.decode(journal.journal().get("state.json").duplicate()).toString();
      assertThat(StateJson.of(StateJson.read(text))).isEqualTo(chosen.state().orElseThrow());
    }
  }

  @Test
  void growingSetsAreOtherQuestionsAboutTheSameBytes() throws Exception {
    Tasting tasting = new Tasting(candidate -> weight(candidate) - candidate.budget());
    String search = "search: {strategy: halving, min: 10, max: 90, candidates: 3}\n";

    TrialRun.Chosen chosen =
        run("one", judged(SEARCH + search + HALVED, tasting.judges(), Optional.empty(), 9));

    assertThat(tasting.asked).extracting(Candidate::budget).containsExactly(10, 10, 10, 30, 90);
    Set<String> ids = new HashSet<>();
    tasting.asked.forEach(candidate -> ids.add(candidate.id()));
    assertThat(ids).hasSize(5);
    Candidate last = tasting.asked.get(4);
    assertThat(last.id()).endsWith("b90");
    assertThat(chosen.recipe()).isEqualTo(last.recipe());
    assertThat(tasting.asked.subList(0, 3))
        .filteredOn(candidate -> candidate.recipe().equals(last.recipe()))
        .extracting(Candidate::id)
        .containsExactly(last.id().replace("b90", "b10"));
    assertThat(chosen.trials())
        .as("scores on other numbers of examples are not compared")
        .allMatch(trial -> trial.get("gain").isEmpty());
    assertThat(chosen.trials().get(4).get("budget").orElseThrow().whole()).hasValue(90);
  }

  @Test
  void pointsOfAPathAreHeardWithTheirPlaces() throws Exception {
    Tasting tasting = new Tasting(candidate -> candidate.mix().t());
    String text = "path: {points: 5, curve: polygon}\n" + MODELS;

    TrialRun.Chosen chosen = run("one", judged(text, tasting.judges()));

    assertThat(tasting.asked)
        .as("models as they are do not wait until the others are made")
        .extracting(candidate -> candidate.mix().t())
        .containsExactly(0.0, 0.5, 0.25, 0.75, 1.0);
    assertThat(tasting.askedOf()).containsExactly(A, B, AB, List.of("b", "c"), C);
    assertThat(tasting.asked)
        .extracting(Candidate::model)
        .contains("/models/a", "/models/b", "/models/c");
    assertThat(chosen.trials())
        .extracting(SearchRunTest::place)
        .containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
    assertThat(chosen.trials()).allMatch(trial -> trial.get("gain").isEmpty());
    assertThat(chosen.what()).isEqualTo("c");
  }

  private static double place(JsonObject trial) {
    return trial.get("t").orElseThrow().number().orElseThrow();
  }
}

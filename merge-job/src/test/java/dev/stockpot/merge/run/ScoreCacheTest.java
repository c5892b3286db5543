package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.InProcessEngine;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores that soups of other nights know. */
class ScoreCacheTest {
  private static final int NUMBERS = 8 * 16;

  @TempDir private Path folder;
  private final ReadLog store = new ReadLog();
  private final Stockpot stockpot =
      new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), store);
  private final List<Tried> tried = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final MergeListener listener =
      new MergeListener() {
        @Override
        public void tried(Tried candidate) {
          tried.add(candidate);
        }

        @Override
        public void noticed(String notice) {
          notices.add(notice);
        }
      };
  private JudgeService judge;

  @BeforeEach
  void begin() throws IOException {
    for (int i = 0; i < 4; i++) {
      writeModel(i, i);
    }
    judge = new JudgeService(NUMBERS, numbers -> -numbers[0] * numbers[0]);
  }

  @AfterEach
  void end() {
    judge.close();
  }

  private void writeModel(int number, int seed) throws IOException {
    SmallModels.write(folder.resolve("m" + number), seed, List.of(Shape.of(8, 16)));
  }

  private String soup(int models, String more) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < models; i++) {
      list.append("  - model: %s/m%s\n".formatted(folder, i));
    }
    return "soup: greedy\nmodels:\n%sevaluate: {http: '%s', direction: max%s}\n"
        .formatted(list, judge.address(), more);
  }

  private MergeOptions cached() {
    return MergeOptions.DEFAULT.withSetting("score-cache", folder.resolve("scores"));
  }

  private void merge(String recipe, String out, MergeOptions options) {
    tried.clear();
    stockpot.merge(MergeRecipe.yaml(recipe), folder.resolve(out).toString(), options, listener);
  }

  @Test
  void theSoupOfTheNextNightPaysForWhatIsNewOnly() {
    merge(soup(3, ""), "monday", cached());
    int paid = judge.asked().size();
    assertThat(paid).isEqualTo(5);
    merge(soup(3, ""), "tuesday", cached());
    assertThat(judge.asked()).as("the same soup").hasSize(paid);
    assertThat(tried).hasSize(5).allMatch(Tried::isKnown);
    merge(soup(4, ""), "wednesday", cached());
    assertThat(tried.subList(0, 3)).as("singles").allMatch(Tried::isKnown);
    assertThat(judge.asked()).hasSizeBetween(paid + 1, paid + 4);
    assertThat(folder.resolve("scores")).as("nothing is published there").doesNotExist();
  }

  @Test
  void withoutACacheEverySoupPays() {
    merge(soup(3, ""), "monday", MergeOptions.DEFAULT);
    merge(soup(3, ""), "tuesday", MergeOptions.DEFAULT);
    assertThat(judge.asked()).hasSize(10);
  }

  @Test
  void anotherModelUnderTheSameNameIsAnotherModel() throws IOException {
    merge(soup(3, ""), "monday", cached());
    int paid = judge.asked().size();
    writeModel(0, 77);
    merge(soup(3, ""), "tuesday", cached());
    assertThat(judge.asked().subList(paid, judge.asked().size()))
        .isNotEmpty()
        .allMatch(question -> question.text("recipe").contains("m0"));
    assertThat(tried.get(0).isKnown()).isFalse();
    assertThat(tried.get(1).isKnown()).as("of a model that is the same").isTrue();
  }

  @Test
  void anotherVersionOfTheEvaluatorIsAskedAgain() {
    merge(soup(3, ""), "monday", cached());
    int paid = judge.asked().size();
    merge(soup(3, ", version: '2'"), "tuesday", cached());
    assertThat(judge.asked()).hasSize(paid + 5);
  }

  @Test
  void whatFailedIsTriedAgain() {
    judge.answersOnly(0);
    assertThatThrownBy(() -> merge(soup(3, ""), "monday", cached()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("None of 3 candidates could be scored");
    judge.answersOnly(100);
    merge(soup(3, ""), "tuesday", cached());
    assertThat(tried).noneMatch(Tried::isKnown);
  }

  @Test
  void twoSoupsAtOnceDoNotWaitForEachOther() throws IOException {
    Location cache = new Location(folder.resolve("scores").toString());
    PendingFolder other = store.resume(cache, Replaceable.UNTOUCHED);
    try {
      merge(soup(3, ""), "monday", cached());
    } finally {
      other.keep();
    }
    assertThat(judge.asked()).hasSize(5);
    assertThat(notices).anyMatch(it -> it.contains("is used by other trials"));
  }

  @Test
  void aCacheThatIsAnInputOrTheOutputIsRefused() {
    for (String place : List.of("out", "m1", "out/scores", "out-trials")) {
      assertThatThrownBy(
              () ->
                  merge(
                      soup(3, ""),
                      "out",
                      MergeOptions.DEFAULT.withSetting("score-cache", folder.resolve(place))))
          .as(place)
          .isInstanceOf(UserException.class)
          .hasMessageContaining(folder.resolve(place).toString());
    }
    assertThat(judge.asked()).isEmpty();
  }

  @Test
  void aCacheCanBeForgotten() {
    merge(soup(3, ""), "monday", cached());
    assertThat(stockpot.discard(folder.resolve("scores").toString())).isTrue();
    merge(soup(3, ""), "tuesday", cached());
    assertThat(judge.asked()).hasSize(10);
  }

  @Test
  void itSurvivesASoupThatIsStopped() throws IOException {
    judge.answersOnly(2);
    assertThatThrownBy(
            () ->
                stockpot.merge(
                    MergeRecipe.yaml(soup(3, "")),
                    folder.resolve("monday").toString(),
                    cached(),
                    new MergeListener() {
                      @Override
                      public void tried(Tried candidate) {
                        if (!candidate.failure().isEmpty()) {
                          throw new UserException("stopped by hand");
                        }
                      }
                    }))
        .hasMessage("stopped by hand");
    judge.answersOnly(100);
    merge(soup(3, ""), "tuesday", cached());
    assertThat(tried.stream().filter(Tried::isKnown).count()).isEqualTo(2);
    assertThat(Files.exists(folder.resolve("tuesday"))).isTrue();
  }
}

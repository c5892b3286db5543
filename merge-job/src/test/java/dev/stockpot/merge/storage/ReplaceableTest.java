package dev.stockpot.merge.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What may go, and what is said of the rest. */
class ReplaceableTest {
  private static final Location OUT = new Location("out");

  @Test
  void namesTheFirstFilesThatStandInTheWayAndCountsAll() {
    List<String> there = IntStream.range(0, 12).mapToObj("notes-%02d.txt"::formatted).toList();

    assertThatThrownBy(() -> Replaceable.of(List.of("notes-00.txt")).requireNothingElse(OUT, there))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "out holds 11 files that Stockpot did not write, or not as now: notes-01.txt,"
                + " notes-02.txt, notes-03.txt, notes-04.txt, notes-05.txt, …. Move what you need"
                + " elsewhere, or name another folder; --overwrite-foreign deletes it");
  }

  @Test
  void anEmptyFolderThatHeldSomethingOfOursMayGo() {
    Replaceable replaceable = Replaceable.of(List.of("report/page.html"));

    assertThat(replaceable.foreign(List.of("report/", "mine/"))).containsExactly("mine/");
  }

  @Test
  void whoMakesAFolderWantsItEmpty() {
    assertThatThrownBy(() -> Replaceable.NOTHING.requireNothingElse(OUT, List.of("a")))
        .hasMessage(
            "out is not empty. Name another folder, or pass --overwrite to replace what it holds");
    assertThatCode(() -> Replaceable.NOTHING.requireNothingElse(OUT, List.of()))
        .doesNotThrowAnyException();
  }

  @Test
  void whoGivesAFolderUpDoesNotMindWhatIsInIt() {
    assertThatCode(() -> Replaceable.UNTOUCHED.requireNothingElse(OUT, List.of("a")))
        .doesNotThrowAnyException();
  }
}

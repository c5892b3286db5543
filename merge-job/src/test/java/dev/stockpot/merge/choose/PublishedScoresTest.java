package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The scores that model soups published of their 72 models (individual_model_results.jsonl, images
 * of 26,000 that each recognises of the held-out set). Orders, acceptances and counts are those of
 * a few lines of Python that follow the rules of the reference, and know nothing of this code.
 */
class PublishedScoresTest {
  private static final int[] CORRECT = {
    20301, 20760, 20651, 21157, 20417, 20417, 21101, 20840, 20838, 21156, 21061, 20848, 20771,
    20992, 20678, 20792, 20589, 21098, 20554, 21044, 20778, 21031, 20888, 20596, 21275, 21045,
    21074, 21394, 20835, 20981, 21021, 20314, 21361, 20695, 21379, 20601, 21029, 20705, 20887,
    20473, 21038, 20559, 21200, 21593, 21554, 21161, 21237, 21181, 21426, 21196, 21163, 21043,
    20929, 20999, 21366, 20631, 21132, 21355, 20967, 21152, 21378, 20933, 20857, 21411, 20656,
    20590, 20745, 20965, 20699, 21443, 21363, 20536
  };

  /** By sorted() from low to high, which is stable, and then reversed. */
  private static final List<Integer> ORDER_OF_THE_REFERENCE =
      List.of(
          43, 44, 69, 48, 63, 27, 34, 60, 54, 70, 32, 57, 24, 46, 42, 49, 47, 50, 45, 3, 9, 59, 56,
          6, 17, 26, 10, 25, 19, 51, 40, 21, 36, 30, 53, 13, 29, 58, 67, 61, 52, 22, 38, 62, 11, 7,
          8, 28, 15, 20, 12, 1, 66, 37, 68, 33, 14, 64, 2, 55, 35, 23, 65, 16, 41, 18, 71, 39, 5, 4,
          31, 0);

  private static SoupRules rules(boolean laterFirst) {
    return new SoupRules(
        new Mixing.OneMore(),
        Acceptance.GREATER,
        SoupRules.Order.METRIC,
        laterFirst,
        1,
        Integer.MAX_VALUE,
        0);
  }

  /** What soups recognise was not published: a rule that both programs have, rough enough. */
  private static double correct(Point point) {
    int n = point.ingredients().size();
    int sum = point.ingredients().stream().mapToInt(model -> CORRECT[model]).sum();
    return n == 1 ? sum : sum / n + 1500 * (n - 1) / n - (7 * sum) % 157;
  }

  /** Which model each candidate tries, after all have been tried alone. */
  private static List<Integer> order(List<Point> tried, StepwiseSoup soup) {
    List<Integer> order = new ArrayList<>();
    List<Integer> before =
        new ArrayList<>(soup.best().orElseThrow().point().ingredients()); // the final soup
    for (Point candidate : tried.subList(CORRECT.length, tried.size())) {
      List<Integer> members = new ArrayList<>(candidate.ingredients());
      members.removeAll(order.stream().filter(before::contains).toList());
      members.remove(Integer.valueOf(43)); // the best alone, with which it begins
      assertThat(members).hasSize(1);
      order.add(members.get(0));
    }
    return order;
  }

  @Test
  void theOrderIsThatOfTheReferenceAlsoForTheTwoThatAreEqual() {
    assertThat(CORRECT).hasSize(72);
    StepwiseSoup soup = new StepwiseSoup(72, rules(/* laterFirst= */ true));
    List<Point> tried = Trying.worths(soup, PublishedScoresTest::correct);
    assertThat(tried).hasSize(2 * 72 - 1);
    assertThat(order(tried, soup)).isEqualTo(ORDER_OF_THE_REFERENCE.subList(1, 72));
  }

  @Test
  void ofTheTwoThatAreEqualTheEarlierComesFirstElse() {
    StepwiseSoup soup = new StepwiseSoup(72, rules(/* laterFirst= */ false));
    List<Integer> order = order(Trying.worths(soup, PublishedScoresTest::correct), soup);
    assertThat(order.subList(0, 67)).isEqualTo(ORDER_OF_THE_REFERENCE.subList(1, 68));
    assertThat(order.subList(67, 71)).containsExactly(4, 5, 31, 0);
  }

  @Test
  void whatIsTakenIsTakenAndNothingElse() {
    StepwiseSoup soup = new StepwiseSoup(72, SoupRules.greedy());
    List<Integer> taken = new ArrayList<>();
    int candidates = 0;
    while (!soup.upcoming(1).isEmpty()) {
      Point point = soup.upcoming(1).get(0);
      soup.tell(Score.of(correct(point)));
      candidates++;
      if (soup.verdict().equals("accepted")) {
        taken.add(candidates);
      }
    }
    assertThat(candidates).isEqualTo(143);
    assertThat(taken).hasSize(6);
    assertThat(soup.best().orElseThrow().point().ingredients())
        .containsExactly(34, 43, 44, 48, 54, 60, 69);
    assertThat(soup.best().orElseThrow().score()).isEqualTo(Score.of(22718));
  }
}

package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.ChosenBy;
import dev.stockpot.merge.commit.MergeCommitter;
import dev.stockpot.merge.commit.MergeFacts;
import dev.stockpot.merge.recipe.ParameterWords;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.report.Report;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The report that a merge leaves in its output. */
final class ReportOfMerge {
  private ReportOfMerge() {}

  /**
   * Its files by name, once all parts are made.
   *
   * @param facts with what was found on the way
   */
  static Map<String, ByteBuffer> files(
      PlannedOutput output, MergeFacts facts, MergeCommitter committer, BrokenNumbers broken) {
    Planned planned = output.planned();
    Recipe recipe = planned.recipe();
    List<String> notices = new ArrayList<>(broken.sentences());
    notices.addAll(planned.plan().notices());
    notices.addAll(MeasuredMatrices.of(facts.matrices()).sentences());
    Optional<ChosenBy> chosen = output.merge().recipe().chosenBy();
    Report.Heading heading =
        new Report.Heading(
            "Merge report",
            recipe.method().name(),
            recipe.method().arity().takesOrigin()
                ? recipe.base().map(Object::toString)
                : Optional.empty(),
            recipe.text(),
            notices,
            chosen.map(ChosenBy::trials).orElse(List.of()),
            chosen.map(ChosenBy::alternatives).orElse(List.of()),
            new Report.Made(BuildVersion.stockpot(), ParameterWords.of(recipe)));
    return Report.of(
            heading,
            planned.plan(),
            committer.figures(),
            committer.updates(),
            committer.nonFinite())
        .files();
  }
}

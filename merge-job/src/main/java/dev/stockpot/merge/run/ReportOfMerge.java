package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.MergeCommitter;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.report.Report;
import dev.stockpot.merge.report.ReportFiles;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/** The report that a merge leaves in its output. */
final class ReportOfMerge {
  private ReportOfMerge() {}

  /** Its files by name, once all parts are made. */
  static Map<String, ByteBuffer> files(Planned planned, MergeCommitter committer) {
    Recipe recipe = planned.recipe();
    Report.Heading heading =
        new Report.Heading(
            "Merge report",
            recipe.method().name(),
            recipe.method().arity().takesOrigin()
                ? recipe.base().map(Object::toString)
                : Optional.empty(),
            recipe.text(),
            planned.plan().notices());
    return ReportFiles.of(
        Report.of(heading, planned.plan(), committer.figures(), committer.updates()));
  }
}

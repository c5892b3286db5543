package dev.stockpot.merge.cli;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.output.RankCut;
import dev.stockpot.merge.run.MergeOutcome;
import java.util.Map;

/** What became of an extraction, as one line for a program. */
final class ExtractedJson {
  private ExtractedJson() {}

  static String line(MergeOutcome outcome) {
    double all = 0;
    double left = 0;
    JsonObject modules = JsonObject.EMPTY;
    for (Map.Entry<String, RankCut> entry : outcome.cuts().entrySet()) {
      RankCut cut = entry.getValue();
      all += cut.norm() * cut.norm();
      left += cut.norm() * cut.norm() * cut.error() * cut.error();
      modules = modules.with(entry.getKey(), json(cut));
    }
    JsonObject whole =
        JsonObject.EMPTY
            .with("folder", outcome.folder())
            .with("already_there", outcome.alreadyThere())
            .with("bytes", outcome.bytes())
            .with("seconds", JsonValue.of(outcome.seconds()))
            .with("error", JsonValue.of(all == 0 ? 0 : Math.sqrt(left / all)))
            .with("modules", modules);
    return JsonWriter.text(JsonStyle.COMPACT, whole);
  }

  private static JsonObject json(RankCut cut) {
    return JsonObject.EMPTY
        .with("rank", cut.rank())
        .with("error", JsonValue.of(cut.error()))
        .with("norm", JsonValue.of(cut.norm()))
        .with("stable_rank", JsonValue.of(cut.stableRank()));
  }
}

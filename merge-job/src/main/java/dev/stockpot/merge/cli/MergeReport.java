package dev.stockpot.merge.cli;

import dev.stockpot.merge.engine.MergeTotals;
import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.storage.StoreRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a merge says at its end about bytes, time and requests. */
final class MergeReport {
  private MergeReport() {}

  static List<String> lines(MergeTotals totals, long bytesWritten, double seconds) {
    PartTimes times = totals.times();
    List<String> lines = new ArrayList<>();
    lines.add(
        "Read %s and wrote %s in %s, %s."
            .formatted(
                Sizes.bytes(times.bytesRead()),
                Sizes.bytes(bytesWritten),
                Sizes.seconds(seconds),
                Sizes.rate(times.bytesRead() + bytesWritten, seconds)));
    double share = Math.max(1, times.busy()) / 100.0;
    lines.add(
        String.format(
            Locale.ROOT,
            "Time of %s: %.0f %% waiting for input (reading took %.0f %%), %.0f %% merging, %.0f %% uploading.",
            Sizes.count(totals.tasks(), "task"),
            times.waiting() / share,
            times.reading() / share,
            times.merging() / share,
            times.writing() / share));
    StoreRequests requests = totals.requests();
    if (requests.all() > 0) {
      lines.add(
          "Requests: %s, %s, %s in all; %s."
              .formatted(
                  Sizes.count(requests.gets(), "range read"),
                  Sizes.count(requests.puts(), "part put"),
                  requests.all(),
                  requests.retries() == 0
                      ? "none was tried again"
                      : requests.retries() + " tried again"));
    }
    return lines;
  }
}

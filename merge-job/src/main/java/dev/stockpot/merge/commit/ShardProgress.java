package dev.stockpot.merge.commit;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.observe.Observation;
import dev.stockpot.kernels.statistic.Crc32c;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.part.PartResult.SliceChecksum;
import dev.stockpot.merge.storage.PartReceipt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of one shard as they come in. */
final class ShardProgress {
  private final PartResult[] results;
  private int missing;

  ShardProgress(int parts) {
    results = new PartResult[parts];
    missing = parts;
  }

  /** Takes a part, and says whether it was the last. A part that is made twice counts once. */
  boolean completes(PartResult result) {
    int place = result.receipt().ticket().number() - 1;
    boolean isNew = results[place] == null;
    results[place] = result; // the later of two: some stores know only that one
    if (isNew) {
      missing--;
    }
    return isNew && missing == 0;
  }

  List<PartReceipt> receipts() {
    return Arrays.stream(results).map(PartResult::receipt).toList();
  }

  /** CRC-32C of each tensor. */
  Map<String, Integer> checksums() {
    Map<String, List<SliceChecksum>> slices = new LinkedHashMap<>();
    for (PartResult result : results) {
      for (SliceChecksum slice : result.slices()) {
        slices.computeIfAbsent(slice.tensor(), any -> new ArrayList<>()).add(slice);
      }
    }
    Map<String, Integer> checksums = new LinkedHashMap<>();
    slices.forEach((tensor, pieces) -> checksums.put(tensor, join(pieces)));
    return checksums;
  }

  /** SHA-256 of the shard, where one task made all of it; else empty. */
  String sha256() {
    return results[results.length - 1].sha256();
  }

  /** What was counted of each tensor that was updated. */
  Map<String, LostUpdates> updates() {
    Map<String, LostUpdates> updates = new HashMap<>();
    for (PartResult result : results) {
      result.updates().forEach((tensor, found) -> updates.merge(tensor, found, LostUpdates::plus));
    }
    return updates;
  }

  /** What is not finite of each tensor of which anything is. */
  Map<String, NonFinite> nonFinite() {
    Map<String, NonFinite> all = new HashMap<>();
    for (PartResult result : results) {
      result.nonFinite().forEach((tensor, found) -> all.merge(tensor, found, NonFinite::plus));
    }
    return all;
  }

  /** What was seen of each tensor that was merged. */
  Map<String, Figures> figures() {
    Map<String, Observation> seen = new HashMap<>();
    for (PartResult result : results) {
      result.observations().forEach((tensor, more) -> seen.merge(tensor, more, Observation::plus));
    }
    Map<String, Figures> figures = new HashMap<>();
    seen.forEach((tensor, observation) -> figures.put(tensor, observation.figures()));
    return figures;
  }

  /** What was found of matrices. */
  MatrixFindings matrices() {
    return MatrixFindings.all(Arrays.stream(results).map(PartResult::matrices).toList());
  }

  private static int join(List<SliceChecksum> pieces) {
    int joined = 0;
    for (SliceChecksum piece : pieces) {
      joined = Crc32c.join(joined, piece.crc32c(), piece.length());
    }
    return joined;
  }
}

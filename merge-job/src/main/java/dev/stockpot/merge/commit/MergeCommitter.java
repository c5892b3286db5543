package dev.stockpot.merge.commit;

import dev.stockpot.kernels.LostUpdates;
import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.safetensors.ShardIndex;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.PendingFolder.Upload;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers the parts of a merge and makes the whole visible in one step. Closed before that, it
 * leaves nothing. Not thread-safe.
 */
public final class MergeCommitter implements Closeable {
  private final MergePlan plan;
  private final PendingFolder folder;
  private final List<Upload> uploads = new ArrayList<>();
  private final List<ShardProgress> progress = new ArrayList<>();
  private final Map<String, Integer> checksums = new HashMap<>();
  private final Map<String, LostUpdates> updates = new HashMap<>();
  private final Map<String, Figures> figures = new HashMap<>();
  private int shardsMissing;

  private MergeCommitter(MergePlan plan, PendingFolder folder) {
    this.plan = plan;
    this.folder = folder;
    this.shardsMissing = plan.shards().size();
  }

  /**
   * Claims the output folder and starts an upload for each shard.
   *
   * @throws dev.stockpot.merge.storage.OutputOccupiedException if the folder is not free
   */
  public static MergeCommitter begin(
      ObjectStore store, Location output, boolean overwrite, MergePlan plan) throws IOException {
    PendingFolder folder = store.create(output, overwrite);
    MergeCommitter committer = new MergeCommitter(plan, folder);
    try {
      int[] parts = new int[plan.shards().size()];
      plan.parts().forEach(part -> parts[part.shard()]++);
      for (int i = 0; i < parts.length; i++) {
        OutputShard shard = plan.shards().get(i);
        committer.uploads.add(folder.startUpload(shard.file(), shard.size()));
        committer.progress.add(new ShardProgress(parts[i]));
      }
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
    return committer;
  }

  /** Where a task is to write its part. */
  public PartTicket ticket(PartTask task) {
    return uploads.get(task.shard()).ticket(task.number(), task.range());
  }

  /** Takes a finished part; with its last part a shard is completed. */
  public void accept(PartResult result) throws IOException {
    ShardProgress shard = progress.get(result.shard());
    if (shard.completes(result)) {
      uploads.get(result.shard()).complete(shard.receipts());
      checksums.putAll(shard.checksums());
      updates.putAll(shard.updates());
      figures.putAll(shard.figures());
      shardsMissing--;
    }
  }

  /** CRC-32C of every tensor, once all shards are complete. */
  public Map<String, Integer> checksums() {
    if (shardsMissing > 0) {
      throw new IllegalStateException("%s shards are not complete".formatted(shardsMissing));
    }
    return Map.copyOf(checksums);
  }

  /** What rounding left of the updates to each tensor, where they were counted. */
  public Map<String, LostUpdates> updates() {
    if (shardsMissing > 0) {
      throw new IllegalStateException("%s shards are not complete".formatted(shardsMissing));
    }
    return Map.copyOf(updates);
  }

  /** What was seen of each tensor, where merges were observed. */
  public Map<String, Figures> figures() {
    if (shardsMissing > 0) {
      throw new IllegalStateException("%s shards are not complete".formatted(shardsMissing));
    }
    return Map.copyOf(figures);
  }

  /**
   * Adds the small files and makes everything visible.
   *
   * @param files by name, in the order in which they are written
   */
  public void publish(Map<String, ByteBuffer> files) throws IOException {
    if (shardsMissing > 0) {
      throw new IllegalStateException("%s shards are not complete".formatted(shardsMissing));
    }
    if (plan.shards().size() > 1) {
      folder.put(ShardIndex.FILE_NAME, index());
    }
    for (Map.Entry<String, ByteBuffer> file : files.entrySet()) {
      folder.put(file.getKey(), file.getValue());
    }
    folder.publish();
  }

  private ByteBuffer index() {
    Map<String, String> weightMap = new LinkedHashMap<>();
    long bytes = 0;
    for (OutputShard shard : plan.shards()) {
      for (OutputShard.Placed tensor : shard.tensors()) {
        weightMap.put(tensor.tensor().work().output().name(), shard.file());
        bytes += tensor.bytes().length();
      }
    }
    return new ShardIndex(weightMap).encode(bytes);
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}

package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a merge writes down, so that another driver can go on: once what is merged and how its
 * uploads are called, then, for each shard that is finished, its parts and checksums. An entry of a
 * shard counts only if it is of the shard's present upload: a driver that was taken for dead may
 * still write some.
 */
final class MergeJournal {
  private static final Logger LOG = LoggerFactory.getLogger(MergeJournal.class);
  private static final String BEGINNING = "merge.json";
  private static final String ENTRY = ".json";

  private final PendingFolder folder;
  private final Optional<Beginning> beginning;

  /**
   * The entry with which a journal begins.
   *
   * @param uploads the store's name of the upload of each shard, by the shard's file
   */
  record Beginning(MergeIdentity identity, Map<String, String> uploads) {}

  /** A part of a shard, as it was received. */
  record Part(int number, long begin, long end, String handle) {
    static Part of(PartReceipt receipt) {
      return new Part(
          receipt.ticket().number(),
          receipt.ticket().range().begin(),
          receipt.ticket().range().end(),
          receipt.handle());
    }
  }

  /**
   * A finished shard.
   *
   * @param checksums CRC-32C of each tensor
   * @param updates what rounding left of the updates to each tensor, where they were counted
   * @param nonFinite what is not finite of each tensor, where anything is
   * @param figures what was seen of each tensor, where merges were observed
   * @param matrices what was found of matrices
   * @param sha256 of the whole file; empty where it is not known
   */
  record FinishedShard(
      String file,
      long size,
      String upload,
      List<Part> parts,
      Map<String, Integer> checksums,
      Map<String, LostUpdates> updates,
      Map<String, NonFinite> nonFinite,
      Map<String, Figures> figures,
      MatrixFindings matrices,
      String sha256) {
    FinishedShard {
      requireNonNull(matrices, "matrices is null");
    }
  }

  private MergeJournal(PendingFolder folder, Optional<Beginning> beginning) {
    this.folder = folder;
    this.beginning = beginning;
  }

  /** The journal of a folder, with what an earlier merge wrote. */
  static MergeJournal of(PendingFolder folder) {
    return new MergeJournal(folder, read(folder, BEGINNING, Beginning.class));
  }

  /** How the earlier merge began; nothing if there was none. */
  Optional<Beginning> beginning() {
    return beginning;
  }

  /**
   * Refuses another merge than the one that was begun.
   *
   * @throws UserException that says what is different
   */
  void requireSame(MergeIdentity now, Location output) {
    List<String> changes = changesTo(now);
    if (!changes.isEmpty()) {
      throw new UserException(
          "The merge that was begun into %s is another one:\n  %s\nMake it as it was and go on with --resume, or give it up: stockpot discard %s"
              .formatted(output, String.join("\n  ", changes), output));
    }
  }

  /** In what another merge differs from the one that was begun, a line each. */
  List<String> changesTo(MergeIdentity now) {
    return beginning.map(begun -> begun.identity().changesTo(now)).orElse(List.of());
  }

  void begin(MergeIdentity identity, Map<String, String> uploads) throws IOException {
    folder.note(BEGINNING, text(new Beginning(identity, new TreeMap<>(uploads))));
  }

  void finish(FinishedShard shard) throws IOException {
    folder.note(entry(shard.file()), text(shard));
  }

  /** The name of a file's entry: a journal has no folders. */
  private static String entry(String file) {
    return file.replace('/', ',') + ENTRY;
  }

  /** A shard that the earlier merge finished. */
  Optional<FinishedShard> finished(String file, long size) {
    Optional<String> upload = beginning.map(begun -> begun.uploads().get(file));
    return read(folder, entry(file), FinishedShard.class)
        .filter(shard -> shard.size() == size)
        .filter(shard -> upload.filter(shard.upload()::equals).isPresent());
  }

  /** What a file system cut short in a crash counts as not written. */
  private static <T extends Record> Optional<T> read(
      PendingFolder folder, String name, Class<T> type) {
    ByteBuffer entry = folder.journal().get(name);
    if (entry == null) {
      return Optional.empty();
    }
    try {
      return Json.parse(UTF_8.decode(entry.duplicate()).toString(), type);
    } catch (JsonException e) {
      LOG.warn("{} in the journal cannot be read, and does not count", name, e);
      return Optional.empty();
    }
  }

  private static ByteBuffer text(Record entry) {
    return UTF_8.encode(Json.of(entry));
  }
}

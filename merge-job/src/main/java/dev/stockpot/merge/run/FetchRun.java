package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.FetchedManifest;
import dev.stockpot.merge.commit.FolderCopy;
import dev.stockpot.merge.commit.Leftovers;
import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.engine.MergeTasks;
import dev.stockpot.merge.part.CopyTask;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One copy of a model, from anywhere to anywhere. */
final class FetchRun {
  private final Places places;
  private final ObjectStore store;
  private final Settings settings;
  private final EngineSource engines;
  private final MergeOptions options;
  private final MergeListener listener;
  private final long start = System.nanoTime();
  private long bytes;

  FetchRun(
      Places places,
      Settings settings,
      EngineSource engines,
      MergeOptions options,
      MergeListener listener) {
    this.places = places;
    this.store = places.store();
    this.settings = settings;
    this.engines = engines;
    this.options = options;
    this.listener = listener;
  }

  FetchOutcome run(String model, Location output) throws IOException {
    Location source = places.required(model);
    OutputGuard guard = new OutputGuard(output).folder("the model " + model, source);
    places
        .files(new ModelReference(model, 0))
        .forEach(files -> guard.folder("the model %s in the cache".formatted(model), files));
    InputsOfMerge.settings(guard, options.settingsFile());
    guard.check();
    FetchedFiles files = FetchedFiles.of(store, source);
    Replaceable replaceable = options.overwrite().in(store, output, listener::noticed);
    List<StoredObject> large = List.copyOf(files.large().values());
    try (FolderCopy copy =
        FolderCopy.claim(
            store, output, replaceable, options.resume(), files.identity(source), files.sizes())) {
      return copy(copy, source, output, files, large);
    }
  }

  private FetchOutcome copy(
      FolderCopy copy,
      Location source,
      Location output,
      FetchedFiles files,
      List<StoredObject> large)
      throws IOException {
    try {
      copy.predecessor().ifPresent(listener::tookOver);
      Map<String, ByteBuffer> small = files.read(store);
      MergeTasks tasks =
          engines
              .start(settings)
              .join()
              .get()
              .begin(MergeRun.environment(store, settings), /* wantsGpu= */ false);
      copyLarge(copy, files, large, bytesOf(small), tasks);
      FetchedManifest manifest =
          new FetchedManifest(
              source.path(), BuildVersion.stockpot(), files.sizes(), copy.digests());
      copy.publish(manifest.with(small));
      return new FetchOutcome(
          output.path(),
          source.path(),
          files.count(),
          files.checked(),
          files.bytes(),
          files.left(),
          tasks.totals(),
          (System.nanoTime() - start) / 1e9);
    } catch (IOException e) {
      throw stopped(copy, output, StorageException.of(e));
    } catch (UserException e) {
      throw stopped(copy, output, e);
    }
  }

  private static long bytesOf(Map<String, ByteBuffer> small) {
    return small.values().stream().mapToLong(ByteBuffer::remaining).sum();
  }

  private void copyLarge(
      FolderCopy copy,
      FetchedFiles files,
      List<StoredObject> large,
      long bytesOfSmall,
      MergeTasks tasks)
      throws IOException {
    List<CopyTask> wanted = new ArrayList<>();
    List<Integer> at = new ArrayList<>();
    for (int i = 0; i < large.size(); i++) {
      if (copy.isWhole(i)) {
        bytes += large.get(i).size();
      } else {
        wanted.add(new CopyTask(large.get(i), copy.tickets(i, settings.partSize())));
        at.add(i);
        store.open(large.get(i)).close(); // it can be, and a hub is asked for its address
      }
    }
    if (wanted.size() < large.size()) {
      listener.resumed(large.size() - wanted.size(), large.size(), bytes);
    }
    bytes += bytesOfSmall;
    listener.progressed(bytes, files.bytes());
    tasks.copyAll(
        wanted,
        (place, copied) -> {
          copy.accept(at.get(place), copied);
          StoredObject file = large.get(at.get(place));
          bytes += file.size();
          listener.progressed(bytes, files.bytes());
          listener.shardFinished(file.location().name(), file.size());
        });
  }

  private static UserException stopped(FolderCopy copy, Location output, UserException failure) {
    boolean isInterrupted = Thread.interrupted(); // else stores refuse to clean up
    try {
      Leftovers leftovers = copy.stop();
      return MergeStoppedException.of(failure, output, leftovers);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
      return failure;
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

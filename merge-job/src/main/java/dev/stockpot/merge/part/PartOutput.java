package dev.stockpot.merge.part;

import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.observe.Observation;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.output.RankCut;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.plan.TensorWork;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One part of one merge while it is made: the bytes of all its files, and what was found on the
 * way.
 */
final class PartOutput implements Closeable {
  private final PartTask task;
  private final Stopwatch watch;
  private final List<FileOutput> files = new ArrayList<>();
  private final Map<String, LostUpdates> updates = new HashMap<>();
  private final Map<String, NonFinite> nonFinite = new HashMap<>();
  private final Map<String, Observation> observations = new HashMap<>();
  private final Map<String, RankCut> cuts = new HashMap<>();
  private final Map<String, Map<String, Double>> measures = new HashMap<>();

  PartOutput(PartTask task, Stopwatch watch) {
    this.task = task;
    this.watch = watch;
  }

  /** Adds its next file. */
  void add(FileOutput file) {
    files.add(file);
  }

  /** How many files it fills. */
  int files() {
    return files.size();
  }

  /** Writes what stands before the first tensors. */
  void begin() throws IOException {
    for (FileOutput file : files) {
      file.begin();
    }
  }

  SliceTask slice(int place) {
    return task.slices().get(place);
  }

  /** Writes the next bytes of the present slice. */
  void write(ByteBuffer bytes) throws IOException {
    write(0, bytes);
  }

  /** Writes the next bytes of one of the outputs of the present slice. */
  void write(int output, ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    for (FileOutput file : files) {
      if (file.file().output() == output) {
        file.write(bytes);
      }
    }
    watch.wrote(count);
  }

  /** One of the tensors of the present slice that lie together is whole. */
  void endTensor(OutputTensor tensor) {
    files.get(0).endTensor(tensor);
  }

  /** The present slice is whole. */
  void endSlice(int place) {
    files.forEach(file -> file.endSlice(slice(place)));
  }

  void addUpdates(String tensor, LostUpdates found) {
    if (found.updated() > 0) {
      updates.merge(tensor, found, LostUpdates::plus);
    }
  }

  /** Adds what is not finite of the tensor that a work makes. */
  void addNonFinite(TensorWork work, NonFinite found) {
    addNonFinite(work, 0, found);
  }

  /** Adds what is not finite of one of the tensors that a work makes. */
  void addNonFinite(TensorWork work, int output, NonFinite found) {
    if (!found.equals(NonFinite.NONE)) {
      String tensor = work.outputs().get(output).name();
      int place = work.liesTogether() ? 0 : output;
      files.stream()
          .map(FileOutput::file)
          .filter(file -> file.output() == place)
          .forEach(file -> nonFinite.merge(file.key(tensor), found, NonFinite::plus));
    }
  }

  void addObservation(String tensor, Observation seen) {
    observations.merge(tensor, seen, Observation::plus);
  }

  /** Adds how near two thin matrices come to a module's change. */
  void addCut(String module, RankCut cut) {
    cuts.put(module, cut);
  }

  /** Takes what programs find of a tensor that they make. */
  Measures measures(String tensor) {
    return (name, value) ->
        measures.computeIfAbsent(tensor, any -> new TreeMap<>()).put(name, value);
  }

  /** Ends the part. */
  void finish() throws IOException {
    for (FileOutput file : files) {
      file.finish();
    }
    watch.wrote(0);
  }

  /** What came of one of its files; what was found on the way is told of the first. */
  PartResult result(int place, PartTimes times) {
    FileOutput file = files.get(place);
    boolean isFirst = place == 0;
    return new PartResult(
        file.file().shard(),
        file.receipt(),
        file.checksums(),
        isFirst ? updates : Map.of(),
        isFirst ? nonFinite : Map.of(),
        isFirst ? observations : Map.of(),
        isFirst ? new MatrixFindings(cuts, measures) : MatrixFindings.NONE,
        times,
        file.sha256());
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (FileOutput file : files) {
      try {
        file.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}

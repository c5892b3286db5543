package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.statistics.AddedTensor;
import dev.stockpot.merge.statistics.StatisticsFile;
import dev.stockpot.merge.statistics.StatisticsSum;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Place;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** Adds up statistics piece by piece, in this thread: they may be larger than any memory. */
final class StatisticsAddition {
  static final String FILE = "statistics.safetensors";
  private static final int PIECE_ELEMENTS = 1 << 18;

  private final ObjectStore store;
  private final Places places;

  StatisticsAddition(Places places) {
    this.places = places;
    this.store = places.store();
  }

  /** Statistics under the name of a file or folder, without a fault that somebody can see. */
  StatisticsFile open(String named) throws IOException {
    Model model = OpenedModel.statistics(store, places.required(named));
    return OpenedStatistics.alone(store, named, model, true);
  }

  ShownStatistics shown(String named) throws IOException {
    return ShownStatistics.of(open(named));
  }

  StatisticsAdded add(String first, String second, String output) throws IOException {
    if (output.endsWith(".safetensors")) {
      throw new UserException(
          "%s is to be a folder, in which %s will lie; name one without .safetensors"
              .formatted(output, FILE));
    }
    if (Place.of(places.required(first)).is(Place.of(places.required(second)))) {
      throw new UserException(
          "%s is both of them, so all its examples would count twice. Name another"
              .formatted(first));
    }
    Location folder = Location.typed(output);
    new OutputGuard(folder)
        .folder("the statistics " + first, places.required(first))
        .folder("the statistics " + second, places.required(second))
        .check();
    StatisticsFile a = sound(open(first));
    StatisticsFile b = sound(open(second));
    requireApart(a, b);
    StatisticsSum.Sum sum = StatisticsSum.of(a, b);
    List<OutputTensor> tensors =
        sum.tensors().stream()
            .map(tensor -> new OutputTensor(tensor.name(), tensor.dtype(), tensor.shape()))
            .toList();
    ByteBuffer front = SafetensorsLayout.front(tensors, sum.metadata());
    long bytes = front.remaining() + tensors.stream().mapToLong(OutputTensor::byteCount).sum();
    try (PendingFolder pending = store.create(folder, Replaceable.NOTHING)) {
      try (StoredStream out = new StoredStream(store, pending.startUpload(FILE, bytes), bytes)) {
        out.write(front);
        for (AddedTensor tensor : sum.tensors()) {
          write(tensor, out);
        }
        out.finish();
      }
      pending.publish();
    }
    return new StatisticsAdded(
        folder.child(FILE).toString(),
        tensors.size(),
        bytes,
        Optional.ofNullable(sum.metadata().get("n_examples")),
        sum.remarks());
  }

  /** A file lies in its folder, and links lead to files: whatever the names, one is added once. */
  private static void requireApart(StatisticsFile first, StatisticsFile second) {
    for (StoredObject file : first.checkpoint().model().shards()) {
      Place place = Place.of(file.location());
      if (second.checkpoint().model().shards().stream()
          .anyMatch(other -> Place.of(other.location()).is(place))) {
        throw new UserException(
            "%s and %s both have %s, so its examples would count twice. Name another"
                .formatted(first.name(), second.name(), file.location()));
      }
    }
  }

  private static StatisticsFile sound(StatisticsFile file) {
    List<String> faults = file.checkpoint().faults();
    if (!faults.isEmpty()) {
      throw new UserException("%s: %s".formatted(file.name(), String.join("; ", faults)));
    }
    return file;
  }

  private void write(AddedTensor tensor, StoredStream out) throws IOException {
    StatisticsNumbers numbers = new StatisticsNumbers(store);
    long elements = tensor.shape().elements();
    for (long at = 0; at < elements; at += PIECE_ELEMENTS) {
      ElementSpan span = new ElementSpan(at, Math.min(PIECE_ELEMENTS, elements - at));
      double[] sums = tensor.elements(span, numbers::read);
      for (int i = 0; i < sums.length; i++) {
        if (!Double.isFinite(sums[i]) || (tensor.dtype() == DType.F32 && isTooLarge(sums[i]))) {
          throw new UserException(
              "element %s of %s would be %s; look at both, they may be damaged"
                  .formatted(at + i, tensor.name(), sums[i]));
        }
      }
      out.write(stored(sums, tensor.dtype()));
    }
  }

  private static boolean isTooLarge(double sum) {
    return Float.isInfinite((float) sum);
  }

  private static ByteBuffer stored(double[] numbers, DType dtype) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (double number : numbers) {
      switch (dtype) {
        case I64 -> bytes.putLong(Math.round(number));
        case F64 -> bytes.putDouble(number);
        default -> bytes.putFloat((float) number);
      }
    }
    return bytes.flip();
  }
}

package dev.stockpot.merge.plan;

import static java.util.stream.Collectors.toSet;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.StoredRange;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.storage.Location;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The order in which works follow each other: as they lie in the files of their first inputs. A
 * part then reads these from front to back, in few requests, and mostly those of the other models
 * too.
 */
final class InputOrder {
  private InputOrder() {}

  private record Placed<T>(T element, Optional<StoredRange> first) {
    Stream<Location> file() {
      return first.stream().map(range -> range.object().location());
    }

    int file(Map<Location, Integer> files) {
      return file().findFirst().map(files::get).orElse(Integer.MAX_VALUE);
    }

    long begin() {
      return first.map(range -> range.bytes().begin()).orElse(0L);
    }
  }

  /** Sorts by the works' inputs, then by name. What has no input comes last. */
  static <T> List<T> sort(List<T> elements, Function<T, TensorWork> work) {
    List<Placed<T>> placed =
        NaturalOrder.sort(elements, element -> work.apply(element).name()).stream()
            .map(element -> new Placed<>(element, beginning(work.apply(element))))
            .toList();
    Set<Location> files = placed.stream().flatMap(Placed::file).collect(toSet());
    Map<Location, Integer> places = new HashMap<>();
    NaturalOrder.sort(files, Location::toString).forEach(file -> places.put(file, places.size()));
    return placed.stream()
        .sorted(
            Comparator.comparingInt((Placed<T> element) -> element.file(places))
                .thenComparingLong(Placed::begin))
        .map(Placed::element)
        .toList();
  }

  private static Optional<StoredRange> beginning(TensorWork work) {
    Optional<TensorSource> first = work.inputs().stream().findFirst().map(Input::source);
    return first.flatMap(
        source -> {
          long some = Math.min(Byte.SIZE, source.shape().elements()); // whole bytes of any type
          return source.footprint(new ElementSpan(0, some)).ranges().stream().findFirst();
        });
  }
}

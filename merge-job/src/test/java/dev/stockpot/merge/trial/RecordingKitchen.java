package dev.stockpot.merge.trial;

import dev.stockpot.merge.evaluate.Errands;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A kitchen without models, that writes down what it was asked. */
final class RecordingKitchen implements Kitchen {
  /** Ids of what was made in one reading each. */
  final List<List<String>> readings = new ArrayList<>();

  /** What was made by its place, and is still there. */
  final Map<String, String> there = new LinkedHashMap<>();

  /** What was told of scores: number, verdict, and whether they were known. */
  final List<String> heard = new ArrayList<>();

  long most;

  /** What bytes hang on beside recipes. */
  String inputs = "inputs";

  static String place(String id) {
    return "/scratch/" + id;
  }

  @Override
  public String inputs(String recipe) {
    return inputs;
  }

  @Override
  public List<String> make(List<Order> candidates) {
    readings.add(candidates.stream().map(Order::id).toList());
    candidates.forEach(candidate -> there.put(place(candidate.id()), candidate.recipe()));
    return candidates.stream().map(candidate -> place(candidate.id())).toList();
  }

  @Override
  public String original(String model) {
    return "/models/" + model;
  }

  @Override
  public void remove(Order candidate) {
    if (there.remove(place(candidate.id())) == null) {
      throw new AssertionError(candidate + " was not there");
    }
  }

  @Override
  public void tried(
      Trial trial, int number, long of, String verdict, Optional<Gain> gain, boolean isKnown) {
    heard.add("%s %s%s".formatted(number, verdict, isKnown ? " (known)" : ""));
    most = of;
  }

  @Override
  public Errands errands(boolean wantGpu) {
    throw new AssertionError("nothing is on executors");
  }
}

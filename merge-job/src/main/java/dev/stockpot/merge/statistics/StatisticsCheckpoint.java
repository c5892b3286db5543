package dev.stockpot.merge.statistics;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.StatisticLayout;
import dev.stockpot.kernels.method.StatisticLayout.Form;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint of statistics of a model, with what its writer said of it.
 *
 * @param model its tensors
 * @param notes of its writer
 * @param counts of the samples of each module, where they are given
 * @param faults what is wrong with its numbers, as far as somebody looked
 * @param remarks what a user should know of it, though nothing is wrong
 */
public record StatisticsCheckpoint(
    Model model,
    StatisticsNotes notes,
    Map<String, Double> counts,
    List<String> faults,
    List<String> remarks) {
  /** Ends the name of a count. */
  public static final String COUNT = ".count";

  public StatisticsCheckpoint {
    requireNonNull(model, "model is null");
    requireNonNull(notes, "notes is null");
    counts = Map.copyOf(counts);
    faults = List.copyOf(faults);
    remarks = List.copyOf(remarks);
  }

  /** One of which nothing is said. */
  public static StatisticsCheckpoint of(Model model) {
    return new StatisticsCheckpoint(model, StatisticsNotes.NONE, Map.of(), List.of(), List.of());
  }

  /**
   * What belongs to a tensor of a model.
   *
   * @param name of the statistic
   * @param expected the shape that it must have
   */
  public record Found(String name, TensorSource source, Shape expected, SideInput.Facts facts) {}

  /** What it has of a tensor; empty if it has nothing. */
  public Optional<Found> find(StatisticLayout layout, String tensor, Shape shape) {
    for (String module : modules(tensor)) {
      for (Form form : layout.forms(tensor, module, shape, notes.isTransposed())) {
        TensorSource source = model.tensors().get(form.name());
        if (source != null) {
          SideInput.Facts facts =
              new SideInput.Facts(
                  source.shape(),
                  counts.getOrDefault(module, 0.0),
                  notes.isSum().orElse(false),
                  notes.isTransposed());
          return Optional.of(new Found(form.name(), source, form.shape(), facts));
        }
      }
    }
    return Optional.empty();
  }

  /** The module of a tensor, then those whose inputs it shares. */
  private List<String> modules(String tensor) {
    Optional<String> own = StatisticLayout.moduleOf(tensor);
    if (own.isEmpty()) {
      return List.of(tensor);
    }
    List<String> modules = new ArrayList<>(List.of(own.get()));
    int dot = own.get().lastIndexOf('.') + 1;
    String other = notes.shared().get(own.get().substring(dot));
    if (other != null) {
      modules.add(own.get().substring(0, dot) + other);
    }
    return modules;
  }

  /** Names of its statistics, without counts. */
  public List<String> names() {
    return model.tensors().keySet().stream().filter(name -> !name.endsWith(COUNT)).toList();
  }
}

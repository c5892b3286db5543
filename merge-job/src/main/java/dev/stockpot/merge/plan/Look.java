package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Optional;

/**
 * Looks at tensors of one shape and makes nothing.
 *
 * @param name of the tensor, for messages
 * @param sources in the order that the scan expects
 * @param looking what it looks for
 * @param scope what is looked at together: what is found there is added up
 * @param seen what it found: nothing before it has looked
 */
public record Look(
    String name, List<TensorSource> sources, Scan looking, ScanScope scope, List<Statistic> seen)
    implements TensorWork {
  public Look {
    requireNonNull(name, "name is null");
    requireNonNull(looking, "looking is null");
    requireNonNull(scope, "scope is null");
    sources = List.copyOf(sources);
    seen = List.copyOf(seen);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("%s: nothing to look at".formatted(name));
    }
    for (TensorSource source : sources) {
      if (!source.shape().equals(sources.get(0).shape()) || !source.dtype().isReadable()) {
        throw new IllegalArgumentException("%s: cannot look at %s".formatted(name, source));
      }
    }
  }

  /** One that has not looked yet. */
  public Look(String name, List<TensorSource> sources, Scan looking, ScanScope scope) {
    this(name, sources, looking, scope, List.of());
  }

  @Override
  public Shape shape() {
    return sources.get(0).shape();
  }

  @Override
  public List<OutputTensor> outputs() {
    return List.of();
  }

  @Override
  public List<Input> inputs() {
    return sources.stream().map(source -> new Input(source, Input.Reach.SAME_ELEMENTS)).toList();
  }

  @Override
  public int bits() {
    return sources.get(sources.size() - 1).dtype().bits();
  }

  @Override
  public Optional<WantedScan> scan() {
    return seen.isEmpty() ? Optional.of(new WantedScan(looking, scope)) : Optional.empty();
  }

  @Override
  public Look knowing(Finding finding) {
    return new Look(name, sources, looking, scope, List.of(finding.statistic()));
  }

  @Override
  public Optional<Statistic> found() {
    return seen.stream().findFirst();
  }

  @Override
  public boolean isOneSlice(long taskBytes, int merges) {
    return !streams() && SourceMemory.holdsAll(this, taskBytes, merges);
  }

  @Override
  public Optional<String> problem(long taskBytes) {
    return SourceMemory.problem(this, taskBytes);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.look(this);
  }
}

package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * Over which tensors a program's statistic is added up before the program is told. Programs that
 * share one scan with equal {@link Scan}s.
 *
 * @param kind how far it goes
 * @param group name of the group; empty for other kinds
 */
public record ScanScope(Kind kind, String group) implements Serializable {
  /** How far a statistic goes. */
  public enum Kind {
    /** One tensor. */
    TENSOR,
    /** All tensors whose programs name the same group. */
    GROUP,
    /** All tensors of the model. */
    MODEL
  }

  public static final ScanScope TENSOR = new ScanScope(Kind.TENSOR, "");
  public static final ScanScope MODEL = new ScanScope(Kind.MODEL, "");

  public ScanScope {
    requireNonNull(kind, "kind is null");
    requireNonNull(group, "group is null");
    if (group.isEmpty() == (kind == Kind.GROUP)) {
      throw new IllegalArgumentException("scope %s with the group '%s'".formatted(kind, group));
    }
  }

  /** Tensors that are looked at together, for example the experts of a layer. */
  public static ScanScope group(String name) {
    return new ScanScope(Kind.GROUP, name);
  }

  public boolean isTensor() {
    return kind == Kind.TENSOR;
  }

  public boolean isModel() {
    return kind == Kind.MODEL;
  }

  /** Whether other tensors have to be looked at before one can be merged. */
  public boolean isShared() {
    return !isTensor();
  }

  @Override
  public String toString() {
    return switch (kind) {
      case TENSOR -> "tensor";
      case GROUP -> "group %s".formatted(group);
      case MODEL -> "model";
    };
  }
}

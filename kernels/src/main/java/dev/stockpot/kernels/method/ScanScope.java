package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * What a scan is of. What is found in all tensors of one scope is added up, in the tensors' order.
 *
 * @param group the name that its tensors share; empty but for groups
 */
public record ScanScope(Kind kind, String group) implements Serializable {
  enum Kind {
    TENSOR,
    GROUP,
    MODEL
  }

  /** The tensor alone. */
  public static final ScanScope TENSOR = new ScanScope(Kind.TENSOR, "");

  /** All tensors of the model. */
  public static final ScanScope MODEL = new ScanScope(Kind.MODEL, "");

  public ScanScope {
    requireNonNull(kind, "kind is null");
    requireNonNull(group, "group is null");
  }

  /** All tensors whose programs name the same group: those of a layer, for example. */
  public static ScanScope group(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a group of tensors needs a name");
    }
    return new ScanScope(Kind.GROUP, name);
  }

  public boolean isTensor() {
    return kind == Kind.TENSOR;
  }

  public boolean isModel() {
    return kind == Kind.MODEL;
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

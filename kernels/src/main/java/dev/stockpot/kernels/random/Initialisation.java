package dev.stockpot.kernels.random;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What a new tensor is filled with, as {@code torch.nn.init} defines it. Draws are a function of
 * (seed, tensor name, element index), not PyTorch's own.
 *
 * @param first lower bound, mean, value or gain
 * @param second upper bound or standard deviation
 * @param fan what the spread is measured by, where it follows the shape
 * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot and Bengio: Understanding
 *     the difficulty of training deep feedforward neural networks</a>
 * @see <a href="https://arxiv.org/abs/1502.01852">He et al.: Delving Deep into Rectifiers</a>
 * @see <a href="https://arxiv.org/abs/1312.6120">Saxe et al.: Exact solutions to the nonlinear
 *     dynamics of learning in deep linear neural networks</a>
 */
public record Initialisation(Kind kind, double first, double second, Fan fan)
    implements Serializable {
  /** What numbers follow. */
  public enum Kind {
    /** The same everywhere. */
    CONSTANT,
    /** Equally likely between two bounds. */
    UNIFORM,
    /** A normal distribution. */
    NORMAL,
    /** Equally likely between bounds that follow the shape. */
    SCALED_UNIFORM,
    /** A normal distribution whose deviation follows the shape. */
    SCALED_NORMAL,
    /** Orthonormal rows or columns, whichever there are fewer of, times a gain. */
    ORTHOGONAL,
    /** Ones on the diagonal of a matrix. */
    IDENTITY
  }

  /** What a variance is divided by: elements that one output, or one input, is made of. */
  public enum Fan {
    IN {
      @Override
      double of(long in, long out) {
        return in;
      }
    },
    OUT {
      @Override
      double of(long in, long out) {
        return out;
      }
    },
    /** Their mean. */
    BOTH {
      @Override
      double of(long in, long out) {
        return (in + out) / 2.0;
      }
    };

    abstract double of(long in, long out);
  }

  public Initialisation {
    requireNonNull(kind, "kind is null");
    requireNonNull(fan, "fan is null");
    if (!Double.isFinite(first) || !Double.isFinite(second)) {
      throw new IllegalArgumentException("numbers are %s and %s".formatted(first, second));
    }
    if (kind == Kind.UNIFORM && first >= second) {
      throw new IllegalArgumentException(
          "bounds are %s and %s, must go up".formatted(first, second));
    }
    if (kind == Kind.NORMAL && second < 0) {
      throw new IllegalArgumentException(
          "the standard deviation is %s, must not be below 0".formatted(second));
    }
  }

  /** The same number everywhere. */
  public static Initialisation all(double value) {
    return new Initialisation(Kind.CONSTANT, value, 0, Fan.IN);
  }

  public static Initialisation uniform(double low, double high) {
    return new Initialisation(Kind.UNIFORM, low, high, Fan.IN);
  }

  public static Initialisation normal(double mean, double deviation) {
    return new Initialisation(Kind.NORMAL, mean, deviation, Fan.IN);
  }

  /** Xavier's with {@link Fan#BOTH}, Kaiming's with the others. */
  public static Initialisation scaledUniform(double gain, Fan fan) {
    return new Initialisation(Kind.SCALED_UNIFORM, gain, 0, fan);
  }

  /** Xavier's with {@link Fan#BOTH}, Kaiming's with the others. */
  public static Initialisation scaledNormal(double gain, Fan fan) {
    return new Initialisation(Kind.SCALED_NORMAL, gain, 0, fan);
  }

  public static Initialisation orthogonal(double gain) {
    return new Initialisation(Kind.ORTHOGONAL, gain, 0, Fan.IN);
  }

  public static Initialisation identity() {
    return new Initialisation(Kind.IDENTITY, 1, 0, Fan.IN);
  }

  /** What it is, for people. */
  public String words() {
    return switch (kind) {
      case CONSTANT -> "all %s".formatted(first);
      case UNIFORM -> "uniform from %s to %s".formatted(first, second);
      case NORMAL -> "normal, mean %s, deviation %s".formatted(first, second);
      case SCALED_UNIFORM, SCALED_NORMAL ->
          "%s %s, gain %s"
              .formatted(
                  fan == Fan.BOTH ? "xavier" : "kaiming",
                  kind == Kind.SCALED_UNIFORM ? "uniform" : "normal",
                  first);
      case ORTHOGONAL -> "orthogonal, gain %s".formatted(first);
      case IDENTITY -> "identity";
    };
  }

  /** Whether its numbers are worked out from all draws of the tensor at once. */
  public boolean isOrthogonal() {
    return kind == Kind.ORTHOGONAL;
  }

  /** Why no tensor of that shape can be filled so; empty if it can. */
  public Optional<String> problem(List<Long> shape) {
    boolean hasFans =
        kind == Kind.SCALED_UNIFORM || kind == Kind.SCALED_NORMAL || kind == Kind.ORTHOGONAL;
    if (hasFans && shape.size() < 2) {
      return Optional.of("%s has no inputs and outputs: two dimensions or more".formatted(shape));
    }
    if (hasFans && shape.contains(0L)) {
      return Optional.of("%s has no elements".formatted(shape));
    }
    return kind == Kind.IDENTITY && (shape.size() != 2 || shape.contains(0L))
        ? Optional.of("%s is no matrix, which alone has a diagonal".formatted(shape))
        : Optional.empty();
  }

  /**
   * The numbers of a tensor; of an orthogonal one the draws that it is worked out from.
   *
   * @param tensor its name
   * @throws IllegalArgumentException if it cannot be of that shape
   */
  public Numbers numbers(long seed, String tensor, List<Long> shape) {
    problem(shape)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException("%s: %s".formatted(tensor, why));
            });
    return switch (kind) {
      case CONSTANT -> Numbers.all((float) first);
      case UNIFORM -> Numbers.between(seed, tensor, first, second);
      case NORMAL ->
          second > 0 ? Numbers.normal(seed, tensor, first, second) : Numbers.all((float) first);
      case SCALED_UNIFORM -> {
        double bound = Math.sqrt(3) * deviation(shape);
        yield bound > 0 ? Numbers.between(seed, tensor, -bound, bound) : Numbers.all(0);
      }
      case SCALED_NORMAL -> {
        double deviation = deviation(shape);
        yield deviation > 0 ? Numbers.normal(seed, tensor, 0, deviation) : Numbers.all(0);
      }
      case ORTHOGONAL -> Numbers.normal(seed, tensor, 0, 1);
      case IDENTITY -> Numbers.diagonal(shape.get(1));
    };
  }

  /** {@code gain / √fan}; behind the first two dimensions lies what each input is seen through. */
  private double deviation(List<Long> shape) {
    long field = 1;
    for (long length : shape.subList(2, shape.size())) {
      field *= length;
    }
    return Math.abs(first) / Math.sqrt(fan.of(shape.get(1) * field, shape.get(0) * field));
  }
}

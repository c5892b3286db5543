package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What a recipe says of one token.
 *
 * @param row where models that lack it take its row from
 * @param isForced whether all models take it from there
 * @param line where the recipe says it
 */
public record TokenChoice(Optional<Row> row, boolean isForced, int line) {

  /** A row of a model, or none. */
  public sealed interface Row {
    <R> R accept(Visitor<R> visitor);
  }

  /** Zeros. */
  public record Zeros() implements Row {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.zeros();
    }
  }

  /** The row that a model has for the token. */
  public record Same(ModelReference model) implements Row {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.same(model);
    }
  }

  /** The row that a model has for another token. */
  public record OfToken(ModelReference model, String token) implements Row {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.ofToken(model, token);
    }
  }

  /**
   * A row of a model by its place.
   *
   * @param id from 0; it may lie beyond those that the model's tokenizer knows
   */
  public record OfId(ModelReference model, int id) implements Row {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.ofId(model, id);
    }
  }

  /** What can be done with each kind of row. */
  public interface Visitor<R> {
    R zeros();

    R same(ModelReference model);

    R ofToken(ModelReference model, String token);

    R ofId(ModelReference model, int id);
  }

  public TokenChoice {
    requireNonNull(row, "row is null");
    if (isForced && row.isEmpty()) {
      throw new IllegalArgumentException("a token is forced, and no row named");
    }
  }
}

package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.TokenChoice;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** The rows that a recipe names for single tokens. */
final class ChosenRows {
  private static final Row NOWHERE = new Row(RowOrigins.ZEROS, 0);

  private final List<Member> members;
  private final Function<ModelReference, OptionalInt> places;
  private final Problems problems;

  /** A row of the member in a place, or of none. */
  record Row(int owner, int row) {}

  /**
   * Among the models of a merge.
   *
   * @param places of models by what a recipe calls them
   */
  ChosenRows(
      List<Member> members, Function<ModelReference, OptionalInt> places, Problems problems) {
    this.members = members;
    this.places = places;
    this.problems = problems;
  }

  /** The row that is chosen for a token; what is wrong with the choice goes to the problems. */
  Row row(String token, TokenChoice choice) {
    TokenChoice.Row row = choice.row().orElseThrow();
    return row.accept(
        new TokenChoice.Visitor<>() {
          @Override
          public Row zeros() {
            return NOWHERE;
          }

          @Override
          public Row same(ModelReference model) {
            return ofToken(model, token);
          }

          @Override
          public Row ofToken(ModelReference model, String other) {
            return member(model, choice.line())
                .map(owner -> byText(owner, token, other, choice.line()))
                .orElse(NOWHERE);
          }

          @Override
          public Row ofId(ModelReference model, int id) {
            return member(model, choice.line())
                .map(owner -> byId(owner, token, id, choice.line()))
                .orElse(NOWHERE);
          }
        });
  }

  private Optional<Integer> member(ModelReference model, int line) {
    OptionalInt place = places.apply(model);
    problems.addIf(
        place.isEmpty(),
        line,
        "%s gives the row of a token, and is no model of this merge; name one that is"
            .formatted(model));
    return place.isPresent() ? Optional.of(place.getAsInt()) : Optional.empty();
  }

  /** A token that is known beyond {@code vocab_size} has a row if the tensors have one there. */
  private Row byText(int owner, String token, String other, int line) {
    Member member = members.get(owner);
    OptionalInt id = member.tokenizer().id(other);
    if (id.isEmpty()) {
      problems.add(
          line,
          "the row of '%s' is to be that of '%s' in %s, whose tokenizer has no such token"
              .formatted(token, other, member.reference()));
      return NOWHERE;
    }
    return byId(owner, token, id.getAsInt(), line);
  }

  private Row byId(int owner, String token, int id, int line) {
    Member member = members.get(owner);
    Optional<RowTensor> shorter =
        member.tensors().stream().filter(tensor -> tensor.rows() <= id).findFirst();
    if (shorter.isPresent()) {
      problems.add(
          line,
          "the row of '%s' is to be row %s of %s, and %s has %s rows there"
              .formatted(
                  token, id, member.reference(), shorter.get().name(), shorter.get().rows()));
      return NOWHERE;
    }
    return new Row(owner, id);
  }
}
